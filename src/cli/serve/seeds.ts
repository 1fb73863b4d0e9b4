/** What a request's `seed` means: the random numbers of the engine's own regenerations (docs/method.md section 4). */
import { philox4x32, PURPOSES, uniformFromWord } from '../../lib/philox';

/** A place in the random numbers: those of a regeneration of row `row` of update 1, replicate `replicate`, of a run with `runSeed`. */
export interface SeedPlace {
  runSeed: number;
  row: number;
  replicate: number;
}

/** Revision number of a trajectory that was cut once. */
const FIRST_REVISION = 1;

/**
 * Seed = (row * 2^32 + run seed) * 2^16 + replicate, so that n choices of one seed have the numbers of n requests with the
 * seeds from it on, and of the n replicates of a sweep.
 */
export function seedPlace(seed: bigint): SeedPlace {
  const bits = BigInt.asUintN(64, seed);
  return {
    runSeed: Number((bits >> 16n) & 0xffff_ffffn),
    row: Number(bits >> 48n),
    replicate: Number(bits & 0xffffn),
  };
}

export function seedOf({ runSeed, row, replicate }: SeedPlace): bigint {
  return (((BigInt(row) << 32n) | BigInt(runSeed)) << 16n) | BigInt(replicate);
}

/** In [0, 1): chooses the token at a position, the same whoever else is served (shaders/episode_compact.wgsl). */
export function uniformAt({ runSeed, row, replicate }: SeedPlace, position: number): number {
  const lane = FIRST_REVISION * 65536 + replicate;
  return uniformFromWord(philox4x32(position, row, 0, lane, runSeed, PURPOSES.sweep)[0]);
}
