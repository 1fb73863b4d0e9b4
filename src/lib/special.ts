/** Special functions behind Student's t and chi-square (Abramowitz & Stegun, chapters 6 and 26; DLMF 8.9.2 and 8.17.22). */
import { assert } from './assert';

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const TINY = 1e-300;
const PRECISION = 1e-15;
const MOST_TERMS = 10_000;

/** ln Gamma(x) for x > 0 (Lanczos, g = 7). */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const t = x + 6.5;
  const sum = LANCZOS.reduce((total, c, i) => total + (i === 0 ? c : c / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised incomplete beta function I_x(a, b), a and b > 0, 0 <= x <= 1: continued fraction by Lentz' method. */
export function incompleteBeta(x: number, a: number, b: number): number {
  assert(x >= 0 && x <= 1 && a > 0 && b > 0, `incompleteBeta(${x}, ${a}, ${b})`);
  if (x === 0 || x === 1) return x;
  // The fraction converges fast below the mean; above it, by symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      change = d * c;
      fraction *= change;
    }
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return front * fraction;
}

/** Regularised lower incomplete gamma function P(a, x), a > 0, x >= 0: its power series, all terms positive. */
export function incompleteGamma(a: number, x: number): number {
  assert(a > 0 && x >= 0, `incompleteGamma(${a}, ${x})`);
  if (x === 0) return 0;
  // Beyond this the rest is below the precision of a double, and the series would need ever more terms.
  if (x > a + 40 * Math.sqrt(a) + 700) return 1;
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n <= MOST_TERMS && term > sum * PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(a * Math.log(x) - x - lnGamma(a)));
}

/** P(Z <= z) of a standard normal. */
export function normalCdf(z: number): number {
  const half = incompleteGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/** P(T <= t) of Student's t with `df` degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** P(X <= x) of chi-square with `df` degrees of freedom. */
export function chiSquareCdf(x: number, df: number): number {
  return incompleteGamma(df / 2, Math.max(0, x) / 2);
}

/** Where the rising function `cdf` reaches p, by bisection between `low` and a bound that is doubled until it suffices. */
function invert(cdf: (x: number) => number, p: number, low: number): number {
  let high = Math.max(1, 2 * low);
  while (cdf(high) < p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-13 * Math.max(1, high); i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The p-quantile of Student's t, 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  assert(p > 0 && p < 1 && df > 0, `studentQuantile(${p}, ${df})`);
  if (p < 0.5) return -studentQuantile(1 - p, df);
  return p === 0.5 ? 0 : invert((t) => studentCdf(t, df), p, 0);
}

/** The p-quantile of chi-square, 0 < p < 1. */
export function chiSquareQuantile(p: number, df: number): number {
  assert(p > 0 && p < 1 && df > 0, `chiSquareQuantile(${p}, ${df})`);
  return invert((x) => chiSquareCdf(x, df), p, 0);
}
