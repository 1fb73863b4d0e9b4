import { alignUp, subSlice, type Slice } from '../gpu/buffers';
import { KernelRefusedError } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { ROWS_AT_ONCE, type RowsAtOnce } from '../kernels/decode-token/decode-token';
import { compare, type VariantTrial } from '../kernels/variants';
import type { DecodeInput, Decoder } from './decoder';
import { initialParameters } from './initialise';

/** Tokens of a trial, around the 64th: attention takes keys in blocks of 64. */
const STEPS = 16;
const AROUND = 64;

/** How each number of rows at once did beside a kernel an operation, on drawn weights. */
export type RowsTrials = ReadonlyMap<RowsAtOnce, VariantTrial>;

/**
 * How many rows a workgroup of this decoder should take through all layers at once: what is fastest of those that give the very bits of
 * a kernel an operation, so what a clock decides never changes a run. 0, without a trial, on software adapters, whose barriers are dear.
 */
export async function fastestRowsAtOnce(recorder: Recorder, decoder: Decoder): Promise<RowsAtOnce> {
  if (!recorder.gpu.variants.cooperative) return 0;
  let [best, speedup]: [RowsAtOnce, number] = [0, 1.1];
  for (const [rows, trial] of await tryRowsAtOnce(recorder, decoder)) {
    if (trial.difference === 0 && trial.speedup > speedup) [best, speedup] = [rows, trial.speedup];
  }
  return best;
}

/** Overwrites the decoder's weights and cache. Numbers that do not fit, or that this device does not compile, are left out. */
export async function tryRowsAtOnce(recorder: Recorder, decoder: Decoder): Promise<RowsTrials> {
  const { gpu } = recorder;
  const trials = new Map<RowsAtOnce, VariantTrial>();
  const fitting = ROWS_AT_ONCE.filter((rows) => rows > 0 && decoder.mayTake(rows));
  if (fitting.length === 0) return trials;
  const owner = gpu.buffers.scope();
  const before = decoder.rowsAtOnce;
  try {
    const params = owner.upload('trial parameters', initialParameters(decoder.parameters, 1));
    decoder.load(params);
    const words = trialWords(decoder);
    const plan = owner.upload('trial tokens', words.data);
    const steps = Array.from({ length: STEPS }, (_, t) => words.inputAt(plan, t));
    const run = (rows: RowsAtOnce) => {
      decoder.rowsAtOnce = rows;
      for (const step of steps) decoder.step(params, step);
    };
    for (const rows of fitting) {
      try {
        await gpu.pipelines.compile(recorder.collect(() => run(rows)));
      } catch (error) {
        if (error instanceof KernelRefusedError) continue;
        throw error;
      }
      const trial = await compare(recorder, owner, decoder.batch * decoder.logitStride, (result, variant) => {
        // Else one side would find the keys of the other.
        decoder.clear();
        run(variant ? rows : 0);
        recorder.copy(decoder.logits, result, decoder.batch * decoder.logitStride * 4);
      });
      trials.set(rows, trial);
    }
  } finally {
    decoder.rowsAtOnce = before;
    recorder.submit();
    owner.destroyAll();
  }
  return trials;
}

/** What every row is fed: no two rows the same tokens, and rows at different lengths. */
function trialWords({ batch, positions, parameters: { shape } }: Decoder) {
  const lane = alignUp(batch, 64);
  const stepWords = 64 + 3 * lane;
  const data = new Uint32Array(STEPS * stepWords);
  const first = Math.max(0, Math.min(positions, AROUND + STEPS) - STEPS - 2);
  for (let t = 0; t < STEPS; t++) {
    const at = t * stepWords;
    data[at] = batch;
    for (let b = 0; b < batch; b++) {
      data[at + 64 + b] = b;
      data[at + 64 + lane + b] = (b * 7 + t * 13) % shape.vocab;
      data[at + 64 + 2 * lane + b] = first + t + (b % 3) + 1;
    }
  }
  const inputAt = (plan: Slice, t: number): DecodeInput => {
    const part = (from: number, count: number) => subSlice(plan, (t * stepWords + from) * 4, count * 4);
    return { active: part(0, 64 + lane), inputs: part(64 + lane, lane), lengths: part(64 + 2 * lane, lane) };
  };
  return { data, inputAt };
}
