import type { Slice } from '../gpu/buffers';
import type { KernelVariants } from '../gpu/device';
import { Readback } from '../gpu/readback';
import type { Recorder } from '../gpu/recorder';
import { linearForward } from './linear/linear';
import { planTranspose, tiledWeights, transposedSize } from './linear/transpose';

/** A product of the size of a small batch: big enough that the work, not the launch, is timed. */
const ROWS = 512;
const INNER = 64;
const OUTS = 192;
const ROUNDS = 5;

/** What was found when the variants were tried, for whoever wants to tell it. */
export interface VariantTrial {
  /** Whether the variant gave the base path's bits. */
  equal: boolean;
  /** Median milliseconds of the base path over those of the variant. */
  speedup: number;
}

/**
 * Tries the variants that the adapter can run, once a device, and switches those on that give the base path's very bits
 * and are faster. Since the bits are the same, what a noisy clock decides never changes a run.
 *
 * @returns null where there is nothing to try
 */
export async function chooseVariants(recorder: Recorder): Promise<VariantTrial | null> {
  const { gpu } = recorder;
  if (!gpu.subgroups || gpu.variants.tried) return null;
  gpu.variants.tried = true;
  const owner = gpu.buffers.scope();
  try {
    const numbers = (label: string, count: number) =>
      // Any numbers do, as long as no two rows or columns are alike.
      owner.upload(
        label,
        Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.7 + 1)),
      );
    const plan = planTranspose([{ offset: 0, outs: OUTS, inner: INNER, half: 4 }]);
    const [weight] = tiledWeights(numbers('probe weights', transposedSize(plan)), plan);
    if (weight === undefined) return null;
    const x = numbers('probe rows', ROWS * INNER);
    const results = [false, true].map((subgroups) => ({
      y: owner.storage(`probe result ${subgroups}`, ROWS * OUTS * 4),
      subgroups,
    }));
    const run = async ({ y, subgroups }: { y: Slice; subgroups: boolean }): Promise<number> => {
      gpu.variants.subgroups = subgroups;
      linearForward(recorder, { x, weight, y, rows: ROWS, inner: INNER, outs: OUTS, ld: OUTS });
      const start = performance.now();
      await recorder.finish();
      return performance.now() - start;
    };
    // The first round compiles.
    for (const result of results) await run(result);
    const times: number[][] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, result] of results.entries()) times[i]?.push(await run(result));
    }
    const readback = new Readback(recorder, owner);
    const [base, variant] = await Promise.all([
      readback.readU32(results[0]?.y ?? x, ROWS * OUTS),
      new Readback(recorder, owner).readU32(results[1]?.y ?? x, ROWS * OUTS),
    ]);
    const equal = base.every((word, i) => word === variant[i]);
    const speedup = median(times[0] ?? []) / median(times[1] ?? []);
    apply(gpu.variants, { equal, speedup });
    return { equal, speedup };
  } finally {
    owner.destroyAll();
  }
}

/** The base path stays where a variant does not win, or is not the same. */
function apply(variants: KernelVariants, { equal, speedup }: VariantTrial): void {
  variants.subgroups = equal && speedup > 1;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}
