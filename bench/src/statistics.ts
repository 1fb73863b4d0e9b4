import { median } from '../../src/lib/stats';

/** One timed round of one engine, per run of the work. */
export interface Lap {
  ms: number;
  /** CPU milliseconds of all threads; null where nobody counts them. */
  cpuMs: number | null;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** NaN of an empty list. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** CPU milliseconds of the laps; null unless all of them have some. */
function cpuOf(laps: readonly Lap[]): number[] | null {
  const values = laps.flatMap(({ cpuMs }) => (cpuMs === null || cpuMs <= 0 ? [] : [cpuMs]));
  return values.length === laps.length && values.length > 0 ? values : null;
}

export interface Summary {
  ms: Spread;
  cpuMs: Spread | null;
  /** Work a second by the clock. */
  rate: number;
  /**
   * Work a second as if every core were free for it: amount * cores / CPU seconds. On software adapters, which fill all
   * cores, other load then does not matter; on a GPU it only says what the host pays.
   */
  norm: number | null;
}

/** Medians over the laps, and the rates at the medians. `amount` is the work of one run. */
export function summarise(laps: readonly Lap[], amount: number, cores: number): Summary {
  const ms = spread(laps.map((lap) => lap.ms));
  const cpu = cpuOf(laps);
  const cpuMs = cpu === null ? null : spread(cpu);
  return {
    ms,
    cpuMs,
    rate: (amount * 1000) / ms.median,
    norm: cpuMs === null ? null : (amount * cores * 1000) / cpuMs.median,
  };
}

export interface Ratios {
  wall: Spread;
  cpu: Spread | null;
}

/** How many times as long the peer took as we did, round by round. Both have the same rounds in the same order. */
export function ratios(ours: readonly Lap[], peer: readonly Lap[]): Ratios {
  const byRound = (a: readonly number[], b: readonly number[]) => spread(a.map((value, i) => (b[i] ?? NaN) / value));
  const ourCpu = cpuOf(ours);
  const peerCpu = cpuOf(peer);
  return {
    wall: byRound(
      ours.map(({ ms }) => ms),
      peer.map(({ ms }) => ms),
    ),
    cpu: ourCpu === null || peerCpu === null ? null : byRound(ourCpu, peerCpu),
  };
}

export interface Difference {
  /** Largest |a - b|. */
  max: number;
  equal: boolean;
}

/** Whether |a - b| <= atol + rtol |b| everywhere; values that are not finite, or other lengths, are unequal. */
export function difference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  tolerance: { rtol: number; atol: number },
): Difference {
  if (a.length !== b.length) return { max: Infinity, equal: false };
  let max = 0;
  let equal = true;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? NaN;
    const y = b[i] ?? NaN;
    const gap = Math.abs(x - y);
    if (!Number.isFinite(gap)) return { max: Infinity, equal: false };
    if (gap > tolerance.atol + tolerance.rtol * Math.abs(y)) equal = false;
    max = Math.max(max, gap);
  }
  return { max, equal };
}
