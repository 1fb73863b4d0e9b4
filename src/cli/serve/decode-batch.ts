/** Rows of the decoder on the GPU: feeds them known tokens, and lets them write. */
import { subSlice, type BufferOwner, type Slice } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/device';
import { Readback } from '../../gpu/readback';
import { Recorder, type Sequence } from '../../gpu/recorder';
import { sample } from '../../kernels/sampling/sampling';
import { chooseVariants } from '../../kernels/variants';
import { Decoder } from '../../models/decoder';
import type { ParameterTable } from '../../models/parameters';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { StepPlan } from './step-plan';

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

/** Rows are given a beginning, then rows are fed, a token each where the logits are wanted, else a block each at most. */
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
  /** Most tokens of a row that are fed at once. */
  block: number;
}

/** Steps that are fed before the plan is written anew. */
const PLANNED_STEPS = 16;
/** Of about 30 dispatches each. */
const MOST_SEQUENCES = 64;

export class DecodeBatch {
  readonly ahead: number;
  readonly block: number;
  private readonly recorder: Recorder;
  private readonly readback: Readback;
  private readonly decoder: Decoder;
  /** What rows are fed, and what they write. */
  private readonly feeding: StepPlan;
  private readonly writing: StepPlan;
  private readonly lane: number;
  private readonly allowed: Slice;
  private readonly probs: Slice;
  /** What each step writes: the tokens, which the next one reads, and their statistics. */
  private readonly chosen: Slice;
  private readonly stats: Slice;
  private readonly logitsOut: Slice;
  /** Steps that were made before, by what they do. */
  private readonly sequences = new Map<string, Sequence>();

  private constructor(
    gpu: Gpu,
    owner: BufferOwner,
    table: ParameterTable,
    private readonly params: Slice,
    private readonly vocabulary: Vocabulary,
    private readonly shape: BatchShape,
  ) {
    const { rows, positions, ahead, block } = shape;
    this.ahead = ahead;
    this.block = block;
    this.recorder = new Recorder(gpu, owner);
    this.readback = new Readback(this.recorder, owner);
    this.decoder = new Decoder(this.recorder, owner, table, rows, positions, block);
    this.feeding = new StepPlan(this.recorder, owner, 'serve feeding', PLANNED_STEPS, rows * block);
    this.writing = new StepPlan(this.recorder, owner, 'serve writing', ahead, rows);
    this.lane = this.writing.lane;
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
    const rehearse = () => {
      batch.step(0, { temperature: 1, topK: 0, topP: 1 });
      batch.prefill(0);
    };
    await gpu.pipelines.compile(batch.recorder.collect(rehearse));
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
      if (k === 0) this.feeding.send(steps.slice(i, i + PLANNED_STEPS));
      for (const { from, to, count } of copies) this.decoder.copyPrefix(from, to, count);
      if (fed.length === 0) continue;
      if (keep) {
        this.decoder.step(this.params, this.feeding.of(k));
        this.keepLogits(kept.length);
        kept.push(fed);
      } else this.play(`feed ${k}`, () => this.prefill(k));
      if (kept.length === this.ahead) kept = await this.tell(kept, told);
      else await this.recorder.breathe();
    }
    await this.tell(kept, told);
  }

  /** Lets every writer write `steps` tokens, at most `ahead`. */
  async write(writers: readonly Writer[], steps: number, sampling: Sampling, wantLogits: boolean): Promise<Choices> {
    const { readback, lane } = this;
    this.writing.send(
      Array.from({ length: steps }, (_, k) => ({
        fed: writers.map(({ row, token, position, uniforms }) => ({
          ...{ row, token, position: position + k },
          uniform: uniforms[k] ?? 0,
        })),
      })),
    );
    for (let k = 0; k < steps; k++) {
      const { temperature, topK, topP } = sampling;
      this.play(`write ${k} ${temperature} ${topK} ${topP}`, () => this.step(k, sampling));
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

  /** Does again what was done under this name. */
  private play(name: string, record: () => void): void {
    // Whoever asks names the temperature: they are not kept without end.
    if (this.sequences.size >= MOST_SEQUENCES) this.sequences.clear();
    const sequence = this.sequences.get(name) ?? this.recorder.sequence(record);
    this.sequences.set(name, sequence);
    this.recorder.play(sequence);
  }

  /** Feeds tokens behind each of which another one is fed, or is to be written. */
  private prefill(k: number): void {
    const parts = this.feeding.of(k);
    this.decoder.prefill(this.params, { ...parts, fed: parts.active });
  }

  /** Each step but the first reads what the one before it chose. */
  private step(k: number, { temperature, topK, topP }: Sampling): void {
    const { recorder, decoder, lane } = this;
    const parts = this.writing.of(k);
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
