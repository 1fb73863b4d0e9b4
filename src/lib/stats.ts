import { assert } from './assert';
import type { PhiloxStream } from './philox';

/** Arithmetic mean; NaN of an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

/** Sample standard deviation (divides by n - 1); 0 of fewer than two values. */
export function sampleStd(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** The q-quantile (0 <= q <= 1) with linear interpolation between neighbours; NaN of an empty list. */
export function quantile(values: readonly number[], q: number): number {
  assert(q >= 0 && q <= 1, `quantile ${q} is not between 0 and 1`);
  const sorted = values.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const lower = sorted[Math.floor(place)] ?? NaN;
  const upper = sorted[Math.ceil(place)] ?? NaN;
  return lower + (upper - lower) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export interface Interval {
  low: number;
  high: number;
}

/**
 * Percentile bootstrap interval of the mean: `resamples` times as many values are drawn with replacement. `level` is
 * the share of resampled means inside, 0.95 by default. NaN of an empty list.
 */
export function bootstrapInterval(
  values: readonly number[],
  stream: PhiloxStream,
  resamples = 1000,
  level = 0.95,
): Interval {
  if (values.length === 0) return { low: NaN, high: NaN };
  const means = Array.from({ length: resamples }, () => mean(values.map(() => stream.choice(values))));
  return { low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2) };
}

/**
 * Percentile bootstrap intervals of several statistics of n units. `statistics` is told how often each unit was drawn (n) and
 * returns numbers by name; null where one does not exist. A name whose statistic never exists gets no interval.
 */
export function bootstrapIntervals(
  units: number,
  statistics: (counts: Float64Array) => Readonly<Record<string, number | null>>,
  stream: PhiloxStream,
  resamples = 1000,
  level = 0.95,
): Record<string, Interval> {
  const found = new Map<string, number[]>();
  for (let resample = 0; resample < resamples; resample++) {
    const counts = new Float64Array(units);
    for (let i = 0; i < units; i++) {
      const unit = stream.int(units);
      counts[unit] = (counts[unit] ?? 0) + 1;
    }
    for (const [name, value] of Object.entries(statistics(counts))) {
      if (value === null) continue;
      const list = found.get(name) ?? [];
      list.push(value);
      found.set(name, list);
    }
  }
  const interval = (list: readonly number[]) => ({
    low: quantile(list, (1 - level) / 2),
    high: quantile(list, (1 + level) / 2),
  });
  return Object.fromEntries([...found].map(([name, list]) => [name, interval(list)]));
}
