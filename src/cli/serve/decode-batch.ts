/** Rows of the decoder on the GPU: feeds them known tokens, and lets them write. */
import { alignUp, subSlice, type BufferOwner, type Slice } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/device';
import { Readback } from '../../gpu/readback';
import { Recorder } from '../../gpu/recorder';
import { sample } from '../../kernels/sampling/sampling';
import { chooseVariants } from '../../kernels/variants';
import { assert } from '../../lib/assert';
import { Decoder } from '../../models/decoder';
import type { ParameterTable } from '../../models/parameters';
import type { Vocabulary } from '../../retrieval/vocabulary';

export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  /** 0 and 1 are off. */
  topK: number;
  topP: number;
}

/** One token that a row is fed. */
export interface Fed {
  row: number;
  token: number;
  position: number;
}

/** What is done at one position: rows are given a beginning, then rows are fed. */
export interface FeedStep {
  copies: readonly { from: number; to: readonly number[]; count: number }[];
  fed: readonly Fed[];
  /** Whether the logits are wanted. */
  keep: boolean;
}

/** A row that writes: its newest token, and the random number of each choice to come. */
export interface Writer extends Fed {
  uniforms: readonly number[];
}

export interface Choices {
  /** (steps, n) row-major. */
  tokens: Uint32Array;
  /** (steps, n, 2): log-probability at temperature 1 and entropy. */
  stats: Float32Array;
  /** (V) logits of step k and writer n; null unless asked for. */
  logits: ((k: number, n: number) => Float32Array) | null;
}

export interface BatchShape {
  rows: number;
  positions: number;
  /** Most tokens that `write` lets a row write at once. */
  ahead: number;
}

/** Words of 256 bytes, which slices begin at. */
const BLOCK = 64;
/** Steps that are fed before the plan is written anew. */
const PLANNED_STEPS = 32;

type StepParts = Record<'active' | 'inputs' | 'lengths' | 'uniforms', Slice>;

export class DecodeBatch {
  readonly ahead: number;
  private readonly recorder: Recorder;
  private readonly readback: Readback;
  private readonly decoder: Decoder;
  /** The steps to come, each with the count of rows, the rows, their tokens, lengths and random numbers. */
  private readonly plan: Slice;
  private readonly parts: readonly StepParts[];
  private readonly lane: number;
  private readonly stepWords: number;
  private readonly planned: Uint32Array<ArrayBuffer>;
  private readonly allowed: Slice;
  private readonly probs: Slice;
  /** What each step writes: the tokens, which the next one reads, and their statistics. */
  private readonly chosen: Slice;
  private readonly stats: Slice;
  private readonly logitsOut: Slice;

  private constructor(
    gpu: Gpu,
    owner: BufferOwner,
    table: ParameterTable,
    private readonly params: Slice,
    private readonly vocabulary: Vocabulary,
    private readonly shape: BatchShape,
  ) {
    const { rows, positions, ahead } = shape;
    this.ahead = ahead;
    this.recorder = new Recorder(gpu, owner);
    this.readback = new Readback(this.recorder, owner);
    this.decoder = new Decoder(this.recorder, owner, table, rows, positions);
    this.lane = alignUp(rows, BLOCK);
    this.stepWords = BLOCK + 4 * this.lane;
    const slots = Math.max(PLANNED_STEPS, ahead);
    this.plan = owner.storage('serve plan', slots * this.stepWords * 4);
    this.planned = new Uint32Array(slots * this.stepWords);
    const part = (k: number, n: number) =>
      subSlice(this.plan, (k * this.stepWords + BLOCK + n * this.lane) * 4, this.lane * 4);
    this.parts = Array.from({ length: slots }, (_, k) => ({
      active: subSlice(this.plan, k * this.stepWords * 4, (BLOCK + this.lane) * 4),
      ...{ inputs: part(k, 1), lengths: part(k, 2), uniforms: part(k, 3) },
    }));
    this.allowed = owner.upload('serve allowed', Uint32Array.from(vocabulary.actorAllowed));
    const { logitStride } = this.decoder;
    this.probs = owner.storage('serve probs', rows * logitStride * 4);
    this.chosen = owner.storage('serve chosen', ahead * this.lane * 4);
    this.stats = owner.storage('serve stats', ahead * this.lane * 8);
    this.logitsOut = owner.storage('serve logits', ahead * rows * logitStride * 4);
  }

  /** @param halfCache as `kvCache` of a run is set */
  static async open(
    gpu: Gpu,
    table: ParameterTable,
    params: Float32Array<ArrayBuffer>,
    vocabulary: Vocabulary,
    shape: BatchShape,
    kvCache: 'auto' | 'f32',
  ): Promise<DecodeBatch> {
    const owner = gpu.buffers.scope();
    const batch = new DecodeBatch(gpu, owner, table, owner.upload('served weights', params), vocabulary, shape);
    await chooseVariants(batch.recorder);
    batch.decoder.halfCache = kvCache === 'auto' && gpu.variants.halfCache;
    batch.decoder.load(batch.params);
    await gpu.pipelines.compile(batch.recorder.collect(() => batch.step(0, { temperature: 1, topK: 0, topP: 1 })));
    return batch;
  }

  /**
   * Feeds rows what their prompts say, step by step.
   *
   * @param told the logits (V) of one row of a step that keeps them: they predict the token after the one that was fed
   */
  async feed(
    steps: readonly FeedStep[],
    told: (fed: Fed, logits: Float32Array) => void = () => undefined,
  ): Promise<void> {
    let kept: (readonly Fed[])[] = [];
    for (const [i, { copies, fed, keep }] of steps.entries()) {
      const k = i % PLANNED_STEPS;
      if (k === 0) this.sendPlan(steps.slice(i, i + PLANNED_STEPS));
      for (const { from, to, count } of copies) this.decoder.copyPrefix(from, to, count);
      if (fed.length === 0) continue;
      this.decoder.step(this.params, this.partsOf(k));
      if (keep) {
        this.keepLogits(kept.length);
        kept.push(fed);
      }
      if (kept.length === this.ahead) kept = await this.tell(kept, told);
      else await this.recorder.breathe();
    }
    await this.tell(kept, told);
  }

  /** Lets every writer write `steps` tokens, at most `ahead`. */
  async write(writers: readonly Writer[], steps: number, sampling: Sampling, wantLogits: boolean): Promise<Choices> {
    const { readback, lane } = this;
    this.sendPlan(
      Array.from({ length: steps }, (_, k) => ({
        fed: writers.map(({ row, token, position, uniforms }) => ({
          ...{ row, token, position: position + k },
          uniform: uniforms[k] ?? 0,
        })),
      })),
    );
    for (let k = 0; k < steps; k++) {
      this.step(k, sampling);
      if (wantLogits) this.keepLogits(k);
      await this.recorder.breathe();
    }
    const [tokenBytes, statBytes] = [steps * lane * 4, steps * lane * 8];
    const bytes = await readback.readAll([
      { ...this.chosen, size: tokenBytes },
      { ...this.stats, size: statBytes },
      ...(wantLogits ? [{ ...this.logitsOut, size: steps * this.logitBytes }] : []),
    ]);
    const n = writers.length;
    const tokens = new Uint32Array(bytes, 0, steps * lane);
    const stats = new Float32Array(bytes, tokenBytes, steps * lane * 2);
    const choices = { tokens: new Uint32Array(steps * n), stats: new Float32Array(steps * n * 2) };
    for (let k = 0; k < steps; k++) {
      choices.tokens.set(tokens.subarray(k * lane, k * lane + n), k * n);
      choices.stats.set(stats.subarray(k * lane * 2, (k * lane + n) * 2), k * n * 2);
    }
    const logits = wantLogits ? new Float32Array(bytes, tokenBytes + statBytes) : null;
    return { ...choices, logits: logits && ((k, row) => this.logitsAt(logits, k, row)) };
  }

  private get logitBytes(): number {
    return this.shape.rows * this.decoder.logitStride * 4;
  }

  private partsOf(k: number): StepParts {
    const parts = this.parts[k];
    assert(parts !== undefined, `there is no room for step ${k}`);
    return parts;
  }

  /** Each step but the first reads what the one before it chose. */
  private step(k: number, { temperature, topK, topP }: Sampling): void {
    const { recorder, decoder, lane } = this;
    const parts = this.partsOf(k);
    const chosenAt = (step: number) => subSlice(this.chosen, step * lane * 4, lane * 4);
    decoder.step(this.params, k === 0 ? parts : { ...parts, inputs: chosenAt(k - 1) });
    sample(recorder, {
      logits: decoder.logits,
      allowed: this.allowed,
      uniforms: parts.uniforms,
      limit: parts.active,
      probs: this.probs,
      chosen: chosenAt(k),
      stats: subSlice(this.stats, k * lane * 8, lane * 8),
      rows: this.shape.rows,
      vocab: this.vocabulary.size,
      ld: decoder.logitStride,
      allowedPerRow: false,
      ...{ temperature, topK, topP },
    });
  }

  private sendPlan(steps: readonly { fed: readonly (Fed & { uniform?: number })[] }[]): void {
    const { recorder, plan, planned, lane, stepWords } = this;
    // What is recorded reads the plan that is there.
    recorder.submit();
    steps.forEach(({ fed }, k) => {
      const start = k * stepWords;
      const numbers = new Float32Array(planned.buffer, (start + BLOCK + 3 * lane) * 4, lane);
      planned[start] = fed.length;
      fed.forEach(({ row, token, position, uniform = 0 }, n) => {
        planned[start + BLOCK + n] = row;
        planned[start + BLOCK + lane + n] = token;
        planned[start + BLOCK + 2 * lane + n] = position + 1;
        numbers[n] = uniform;
      });
    });
    recorder.gpu.device.queue.writeBuffer(plan.buffer, plan.offset, planned, 0, steps.length * stepWords);
  }

  private keepLogits(k: number): void {
    this.recorder.copy(this.decoder.logits, this.logitsOut, this.logitBytes, 0, k * this.logitBytes);
  }

  private logitsAt(logits: Float32Array, k: number, n: number): Float32Array {
    const start = (k * this.shape.rows + n) * this.decoder.logitStride;
    return logits.subarray(start, start + this.vocabulary.size);
  }

  private async tell(
    kept: readonly (readonly Fed[])[],
    told: (fed: Fed, logits: Float32Array) => void,
  ): Promise<(readonly Fed[])[]> {
    if (kept.length === 0) return [];
    const read = new Float32Array(await this.readback.read(this.logitsOut, kept.length * this.logitBytes));
    kept.forEach((step, k) => step.forEach((fed, n) => told(fed, this.logitsAt(read, k, n))));
    return [];
  }
}
