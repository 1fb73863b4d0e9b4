/** What a seed of our own model server means: a place in the engine's random numbers (docs/guide/serve-model.md). */

/** A place in the random numbers: those of a regeneration of row `row` of update 1, replicate `replicate`, of a run with `runSeed`. */
export interface SeedPlace {
  runSeed: number;
  row: number;
  replicate: number;
}

/**
 * Seed = (row * 2^32 + run seed) * 2^16 + replicate, so that n choices of one seed have the numbers of n requests with the
 * seeds from it on, and of the n replicates of a sweep.
 */
export function seedOf({ runSeed, row, replicate }: SeedPlace): bigint {
  return (((BigInt(row) << 32n) | BigInt(runSeed)) << 16n) | BigInt(replicate);
}

/** Rows whose seeds a number of JavaScript holds: below 2^53. */
const ROWS = 2 ** 5;

/** The seed of a line's first replicate; null where it has none: of another update, of a row from 32 on, or of an older file. */
export function ownSeed(update: number | null, row: number | null, runSeed: number | null): number | null {
  if (update !== 1 || row === null || runSeed === null) return null;
  const isPlace = [row, runSeed].every((value) => Number.isInteger(value) && value >= 0);
  return isPlace && row < ROWS && runSeed < 2 ** 32 ? Number(seedOf({ runSeed, row, replicate: 0 })) : null;
}
