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

/** Rows that have a seed of 64 bits. */
const ROWS = 2 ** 16;

/** The seed of a line's first replicate; null where it has none: of another update, or of an older file. */
export function ownSeed(update: number | null, row: number | null, runSeed: number | null): bigint | null {
  if (update !== 1 || row === null || runSeed === null) return null;
  const isPlace = [row, runSeed].every((value) => Number.isInteger(value) && value >= 0);
  return isPlace && row < ROWS && runSeed < 2 ** 32 ? seedOf({ runSeed, row, replicate: 0 }) : null;
}

/** As JSON holds it: a number, or its digits as text where a number would lose some. */
export type WrittenSeed = number | string;

export function writtenSeed(seed: bigint): WrittenSeed {
  return seed <= Number.MAX_SAFE_INTEGER ? Number(seed) : String(seed);
}

const DIGITS = /^\d{1,20}$/;
const MOST = 2n ** 64n - 1n;

/** null where it is none: beyond 64 bits, negative, or no integer. */
export function readSeed(written: unknown): bigint | null {
  if (typeof written === 'number') return Number.isSafeInteger(written) && written >= 0 ? BigInt(written) : null;
  if (typeof written !== 'string' || !DIGITS.test(written)) return null;
  const seed = BigInt(written);
  return seed <= MOST ? seed : null;
}
