/** What a request's `seed` means: the random numbers of the engine's own regenerations (docs/method.md section 4). */
import { philox4x32, PURPOSES, uniformFromWord } from '../../lib/philox';
import type { SeedPlace } from '../../rollouts/live/served-seed';

/** Revision number of a trajectory that was cut once. */
const FIRST_REVISION = 1;

/** The inverse of `seedOf`, of a seed in two's complement. */
export function seedPlace(seed: bigint): SeedPlace {
  const bits = BigInt.asUintN(64, seed);
  return {
    runSeed: Number((bits >> 16n) & 0xffff_ffffn),
    row: Number(bits >> 48n),
    replicate: Number(bits & 0xffffn),
  };
}

/** In [0, 1): chooses the token at a position, the same whoever else is served (shaders/episode_compact.wgsl). */
export function uniformAt({ runSeed, row, replicate }: SeedPlace, position: number): number {
  const lane = FIRST_REVISION * 65536 + replicate;
  return uniformFromWord(philox4x32(position, row, 0, lane, runSeed, PURPOSES.sweep)[0]);
}
