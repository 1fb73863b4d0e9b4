/** Intervals, paired tests and their power, for a handful of seeds. */
import { assert } from './assert';
import { chiSquareQuantile, lnGamma, normalCdf, studentCdf, studentQuantile } from './special';
import { mean, sampleStd, type Interval } from './stats';

export interface Estimate extends Interval {
  mean: number;
  /** Sample standard deviation of the values; 0 of one. */
  sd: number;
  n: number;
}

/** Mean with Student's t interval; of fewer than two values the interval is NaN. */
export function estimateMean(values: readonly number[], level = 0.95): Estimate {
  const n = values.length;
  const [center, sd] = [mean(values), sampleStd(values)];
  const half = n < 2 ? NaN : (studentQuantile((1 + level) / 2, n - 1) * sd) / Math.sqrt(n);
  return { mean: center, sd, n, low: center - half, high: center + half };
}

/** One deviation for several samples: the root of the mean of their variances, each weighed by its degrees of freedom. */
export interface Pooled {
  sd: number;
  degrees: number;
}

/** null where no sample has two values. */
export function pooledDeviation(samples: readonly Pick<Estimate, 'sd' | 'n'>[]): Pooled | null {
  const degrees = samples.reduce((sum, { n }) => sum + n - 1, 0);
  if (degrees === 0) return null;
  const squares = samples.reduce((sum, { sd, n }) => sum + (n - 1) * sd * sd, 0);
  return { sd: Math.sqrt(squares / degrees), degrees };
}

/** Half of the interval of a mean of n values whose deviation is pooled. */
export function pooledHalfWidth({ sd, degrees }: Pooled, n: number, level = 0.95): number {
  return (studentQuantile((1 + level) / 2, degrees) * sd) / Math.sqrt(n);
}

/**
 * Half of the interval of the mean of values that come in clusters (questions in worlds), by Student's t over the clusters: the
 * linearised ratio estimator of cluster sampling, G / (G - 1) sum_g (sum of the cluster's deviations)^2 / n^2.
 *
 * @returns null with fewer than two clusters
 */
export function clusteredHalfWidth(
  values: readonly number[],
  clusters: readonly number[],
  level = 0.95,
): number | null {
  const center = mean(values);
  const off = new Map<number, number>();
  values.forEach((value, i) => off.set(clusters[i] ?? 0, (off.get(clusters[i] ?? 0) ?? 0) + value - center));
  if (off.size < 2) return null;
  const squares = [...off.values()].reduce((sum, deviation) => sum + deviation ** 2, 0);
  const error = Math.sqrt((off.size / (off.size - 1)) * squares) / values.length;
  return studentQuantile((1 + level) / 2, off.size - 1) * error;
}

/** Two-sided p of the mean's being 0 (one-sample t, so paired t of differences); NaN of fewer than two values. */
export function pairedP(differences: readonly number[]): number {
  const n = differences.length;
  if (n < 2) return NaN;
  const [center, sd] = [mean(differences), sampleStd(differences)];
  if (sd === 0) return center === 0 ? 1 : 0;
  return 2 * studentCdf(-Math.abs((center / sd) * Math.sqrt(n)), n - 1);
}

/** Holm's step-down adjustment of a family of p-values, in their order; NaN stays NaN and does not count. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, i) => ({ p, i })).filter(({ p }) => !Number.isNaN(p));
  order.sort((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => NaN);
  let largest = 0;
  for (const [rank, { p, i }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (order.length - rank)));
    adjusted[i] = largest;
  }
  return adjusted;
}

/** Steps of the integral over the sample's standard deviation. */
const STEPS = 400;

/**
 * Power of the two-sided paired t test: the chance that n differences of true mean `effect` and standard deviation `sd` are
 * significant at 1 - level. Exact, by integrating the noncentral t over the distribution of the sample's deviation.
 */
export function pairedPower(effect: number, sd: number, n: number, level = 0.95): number {
  assert(n >= 2 && sd >= 0, `pairedPower of ${n} differences with deviation ${sd}`);
  if (sd === 0) return effect === 0 ? 1 - level : 1;
  const df = n - 1;
  const shift = (effect * Math.sqrt(n)) / sd;
  const critical = studentQuantile((1 + level) / 2, df);
  // u = sample deviation / true deviation, density of chi / sqrt(df); beyond the bound nothing is left.
  const bound = 1 + 12 / Math.sqrt(df);
  const lnFront = Math.log(2) + (df / 2) * Math.log(df / 2) - lnGamma(df / 2);
  const density = (u: number) => Math.exp(lnFront + (df - 1) * Math.log(u) - (df * u * u) / 2);
  let power = 0;
  for (let i = 0; i < STEPS; i++) {
    const u = ((i + 0.5) / STEPS) * bound;
    power += density(u) * (normalCdf(shift - critical * u) + normalCdf(-shift - critical * u));
  }
  return (power * bound) / STEPS;
}

/** The smallest effect that n differences of standard deviation `sd` show with the given power. */
export function detectableEffect(sd: number, n: number, power = 0.8, level = 0.95): number {
  if (sd === 0) return 0;
  let [low, high] = [0, sd];
  while (pairedPower(high, sd, n, level) < power) high *= 2;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (pairedPower(middle, sd, n, level) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** The fewest differences that show `effect` with the given power, up to `most`; undefined where those do not suffice. */
export function seedsNeeded(effect: number, sd: number, power = 0.8, level = 0.95, most = 200): number | undefined {
  const enough = (n: number) => pairedPower(effect, sd, n, level) >= power;
  if (!enough(most)) return undefined;
  let [low, high] = [1, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Upper confidence limit (one-sided) of a normal standard deviation that was estimated from n values. */
export function sdUpperLimit(sd: number, n: number, confidence = 0.8): number {
  assert(n >= 2, 'a standard deviation needs two values');
  return sd * Math.sqrt((n - 1) / chiSquareQuantile(1 - confidence, n - 1));
}
