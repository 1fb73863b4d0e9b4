import { alignUp, subSlice, type Slice } from '../gpu/buffers';
import { KernelRefusedError } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import type { AtOnce } from '../kernels/decode-token/decode-token';
import { compare, type VariantTrial } from '../kernels/variants';
import type { DecodeInput, Decoder } from './decoder';
import { initialParameters } from './initialise';

/** Tokens of a trial, around the 64th: attention takes keys in blocks of 64. */
const STEPS = 16;
const AROUND = 64;

/** How each number of rows did beside a kernel an operation, on drawn weights. */
export type RowsTrials = ReadonlyMap<AtOnce, VariantTrial>;

/**
 * How this decoder should take rows at once: what is fastest of those ways that give the very bits of a kernel an operation, so what a
 * clock decides never changes a run; null where none is. On software adapters, whose barriers are dear, nothing is tried.
 */
export async function fastestAtOnce(recorder: Recorder, decoder: Decoder): Promise<AtOnce | null> {
  if (!recorder.gpu.variants.cooperative) return null;
  let [best, speedup]: [AtOnce | null, number] = [null, 1.1];
  for (const [atOnce, trial] of await tryAtOnce(recorder, decoder)) {
    if (trial.difference === 0 && trial.speedup > speedup) [best, speedup] = [atOnce, trial.speedup];
  }
  return best;
}

/**
 * The ways that fit the decoder. They are fetched where they are asked for, since software adapters have no use for them; a page that
 * cannot fetch them goes on without, with the same bits.
 */
export async function waysAtOnce({ mayTakeAtOnce, parameters }: Decoder): Promise<readonly AtOnce[]> {
  if (!mayTakeAtOnce) return [];
  const part = await import('../kernels/decode-token/decode-token').catch(() => null);
  return part?.waysAtOnce(parameters.shape) ?? [];
}

/** Overwrites the decoder's weights and cache. What does not fit, or does not compile on this device, is left out. */
export async function tryAtOnce(recorder: Recorder, decoder: Decoder): Promise<RowsTrials> {
  const { gpu } = recorder;
  const trials = new Map<AtOnce, VariantTrial>();
  const ways = await waysAtOnce(decoder);
  if (ways.length === 0) return trials;
  const owner = gpu.buffers.scope();
  const before = decoder.atOnce;
  try {
    const params = owner.upload('trial parameters', initialParameters(decoder.parameters, 1));
    decoder.load(params);
    const words = trialWords(decoder);
    const plan = owner.upload('trial tokens', words.data);
    const steps = Array.from({ length: STEPS }, (_, t) => words.inputAt(plan, t));
    const run = (atOnce: AtOnce | null) => {
      decoder.atOnce = atOnce;
      for (const step of steps) decoder.step(params, step);
    };
    for (const atOnce of ways) {
      try {
        await gpu.pipelines.compile(recorder.collect(() => run(atOnce)));
      } catch (error) {
        if (error instanceof KernelRefusedError) continue;
        throw error;
      }
      const trial = await compare(recorder, owner, decoder.batch * decoder.logitStride, (result, variant) => {
        // Else one side would find the keys of the other.
        decoder.clear();
        run(variant ? atOnce : null);
        recorder.copy(decoder.logits, result, decoder.batch * decoder.logitStride * 4);
      });
      trials.set(atOnce, trial);
    }
  } finally {
    decoder.atOnce = before;
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
