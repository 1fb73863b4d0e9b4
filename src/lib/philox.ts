import { assert } from './assert';

/**
 * What a stream of random numbers is for: the second key word of Philox (method.md section 4). The numbers are part
 * of every recorded run, so existing ones never change.
 */
export const PURPOSES = {
  init: 0,
  world: 1,
  question: 2,
  rollout: 3,
  review: 4,
  sweep: 5,
  hand: 6,
  warmStart: 7,
  cut: 8,
  part: 9,
} as const;

export type Purpose = (typeof PURPOSES)[keyof typeof PURPOSES];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the 64-bit product of two u32. In 16-bit halves, because a double holds 53 bits only. */
function mulHi(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const lowLow = aLow * bLow;
  const middle = aHigh * bLow + (lowLow >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/**
 * Philox4x32-10 (Salmon et al. 2011): counter (c0..c3) and key (k0, k1) as u32 to four u32 words. Pure; the same
 * function runs on the GPU.
 */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): [number, number, number, number] {
  let x0 = c0 >>> 0;
  let x1 = c1 >>> 0;
  let x2 = c2 >>> 0;
  let x3 = c3 >>> 0;
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = mulHi(MULTIPLIER_0, x0);
    const low0 = Math.imul(MULTIPLIER_0, x0) >>> 0;
    const high1 = mulHi(MULTIPLIER_1, x2);
    const low1 = Math.imul(MULTIPLIER_1, x2) >>> 0;
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x3 = low0;
    key0 = (key0 + WEYL_0) >>> 0;
    key1 = (key1 + WEYL_1) >>> 0;
  }
  return [x0, x1, x2, x3];
}

/** A u32 word to a uniform in [0, 1) that float32 holds exactly. */
export function uniformFromWord(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

function elementAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  assert(item !== undefined, `no element at ${index}`);
  return item;
}

/**
 * Random numbers for one (seed, purpose, row, update, lane), the same wherever and in whatever order they are asked
 * for (method.md section 4): block n of four words is Philox with counter (n, row, update, lane), key (seed, purpose).
 */
export class PhiloxStream {
  private readonly seed: number;
  private readonly purpose: Purpose;
  private readonly row: number;
  private readonly update: number;
  private readonly lane: number;
  private position = 0;
  private block: [number, number, number, number] = [0, 0, 0, 0];
  private used = 4;
  private spareNormal: number | undefined;

  constructor(seed: number, purpose: Purpose, row = 0, update = 0, lane = 0) {
    this.seed = seed >>> 0;
    this.purpose = purpose;
    this.row = row >>> 0;
    this.update = update >>> 0;
    this.lane = lane >>> 0;
  }

  /** The next word, 0 .. 2^32 - 1. */
  nextU32(): number {
    if (this.used === 4) {
      this.block = philox4x32(this.position, this.row, this.update, this.lane, this.seed, this.purpose);
      this.position = (this.position + 1) >>> 0;
      this.used = 0;
    }
    const word = this.block[this.used] ?? 0;
    this.used += 1;
    return word;
  }

  /** Uniform in [0, 1), a multiple of 2^-24. */
  uniform(): number {
    return uniformFromWord(this.nextU32());
  }

  /** Standard normal by Box-Muller: two words make two values, the second is kept for the next call. */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    // 1 - u lies in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Uniform integer 0 .. n - 1. Throws if n is not an integer of 1 .. 2^24. */
  int(n: number): number {
    assert(Number.isInteger(n) && n >= 1 && n <= 2 ** 24, `int(${n}) needs an integer of 1 to 2^24`);
    return Math.floor(this.uniform() * n);
  }

  /** One element, uniformly. Throws if there is none. */
  choice<T>(items: readonly T[]): T {
    assert(items.length > 0, 'choice of an empty list');
    return elementAt(items, this.int(items.length));
  }

  /** Shuffles `items` in place (Fisher-Yates from the end) and returns it. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.int(last + 1);
      const moved = elementAt(items, last);
      items[last] = elementAt(items, other);
      items[other] = moved;
    }
    return items;
  }

  /**
   * An index drawn with probability proportional to `weights` (each >= 0, sum > 0): the first whose cumulative weight
   * is above uniform * sum, else the last one of positive weight. Throws if no weight is positive.
   */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) {
      assert(weight >= 0 && Number.isFinite(weight), `weight ${weight} is negative or not finite`);
      total += weight;
    }
    assert(total > 0, 'weighted needs a positive weight');
    const target = this.uniform() * total;
    let cumulative = 0;
    let lastPositive = 0;
    for (const [index, weight] of weights.entries()) {
      cumulative += weight;
      if (weight > 0) lastPositive = index;
      if (cumulative > target) return index;
    }
    return lastPositive;
  }
}
