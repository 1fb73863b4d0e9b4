import { describe, expect, it } from 'vitest';
import {
  clusteredHalfWidth,
  detectableEffect,
  estimateMean,
  holm,
  pairedP,
  pairedPower,
  pooledDeviation,
  pooledHalfWidth,
  sdUpperLimit,
  seedsNeeded,
} from './inference';
import { PhiloxStream, PURPOSES } from './philox';
import {
  chiSquareCdf,
  chiSquareQuantile,
  incompleteBeta,
  lnGamma,
  normalCdf,
  studentCdf,
  studentQuantile,
} from './special';

describe('the interval over clusters', () => {
  it('is that of the clusters’ means where they are equally large', () => {
    const means = [0.25, 0.5, 0.75, 0.75];
    const values = means.flatMap((share) => [0, 1, 2, 3].map((k) => (k < 4 * share ? 1 : 0)));
    const clusters = means.flatMap((_, world) => [world, world, world, world]);
    const { mean, high } = estimateMean(means);
    expect(clusteredHalfWidth(values, clusters)).toBeCloseTo(high - mean, 12);
  });

  it('is wider than that of the answers where clusters differ, and weighs large ones more', () => {
    const values = [...new Array<number>(30).fill(1), ...new Array<number>(10).fill(0)];
    const clusters = values.map((value, i) => (value === 1 ? i % 3 : 3));
    const { mean, high } = estimateMean(values);
    expect(clusteredHalfWidth(values, clusters)!).toBeGreaterThan(2 * (high - mean));
    // By hand: deviations 10 x 0.25 three times and 10 x -0.75, so 4 / 3 x 75 = 100, and t with 3 degrees of freedom.
    expect(clusteredHalfWidth(values, clusters)).toBeCloseTo((studentQuantile(0.975, 3) * 10) / 40, 12);
  });

  it('is there from two clusters on', () => {
    expect(clusteredHalfWidth([1, 0, 1], [4, 4, 4])).toBeNull();
    expect(clusteredHalfWidth([1, 1, 1], [4, 4, 5])).toBe(0);
  });
});

describe('special functions', () => {
  it('agree with closed forms and printed tables', () => {
    expect(lnGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    // I_x(1, b) = 1 - (1 - x)^b, I_x(2, 2) = x^2 (3 - 2 x)
    expect(incompleteBeta(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 13);
    expect(incompleteBeta(0.9, 2, 2)).toBeCloseTo(0.81 * 1.2, 13);
    expect(normalCdf(1.959963985)).toBeCloseTo(0.975, 9);
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316, 11);
    expect(normalCdf(40)).toBe(1);
    // With 1 and 2 degrees of freedom: 1/2 + atan(t) / pi, 1/2 + t / (2 sqrt(2 + t^2)).
    expect(studentCdf(1.7, 1)).toBeCloseTo(0.5 + Math.atan(1.7) / Math.PI, 12);
    expect(studentCdf(-0.4, 2)).toBeCloseTo(0.5 - 0.4 / (2 * Math.sqrt(2.16)), 12);
    expect(studentQuantile(0.975, 2)).toBeCloseTo(4.30265273, 7);
    expect(studentQuantile(0.975, 4)).toBeCloseTo(2.77644511, 7);
    expect(studentQuantile(0.025, 9)).toBeCloseTo(-2.26215716, 7);
    // Chi-square with 2 degrees of freedom is exponential.
    expect(chiSquareCdf(3, 2)).toBeCloseTo(1 - Math.exp(-1.5), 12);
    expect(chiSquareQuantile(0.05, 9)).toBeCloseTo(3.32511284, 7);
  });
});

describe('paired differences', () => {
  it('agree with a hand-worked case', () => {
    // Differences 1, 2, 3, 4, 5: mean 3, sd sqrt(2.5), t = 3 / sqrt(0.5) = 4.2426 with 4 degrees of freedom.
    const { mean, low, high, sd, n } = estimateMean([1, 2, 3, 4, 5]);
    expect([mean, sd, n]).toEqual([3, Math.sqrt(2.5), 5]);
    expect(high - mean).toBeCloseTo(2.77644511 * Math.sqrt(0.5), 6);
    expect(mean - low).toBeCloseTo(high - mean, 12);
    expect(pairedP([1, 2, 3, 4, 5])).toBeCloseTo(0.013236, 5);
    expect(pairedP([-1, 1])).toBeCloseTo(1, 12);
  });

  it('have defined answers for one value and for equal ones', () => {
    expect(estimateMean([2])).toMatchObject({ mean: 2, sd: 0, n: 1, low: NaN, high: NaN });
    expect(pairedP([2])).toBeNaN();
    expect(pairedP([0, 0, 0])).toBe(1);
    expect(pairedP([0.1, 0.1])).toBe(0);
  });

  it('are adjusted by Holm as by hand', () => {
    const adjusted = holm([0.01, 0.04, NaN, 0.03, 0.005]);
    [0.03, 0.06, NaN, 0.06, 0.02].forEach((p, i) => {
      if (Number.isNaN(p)) expect(adjusted[i]).toBeNaN();
      else expect(adjusted[i]).toBeCloseTo(p, 12);
    });
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
  });
});

describe('power', () => {
  it('is the level without an effect, and grows with it', () => {
    expect(pairedPower(0, 1, 5)).toBeCloseTo(0.05, 4);
    // Printed power of the paired t test at effect = sd: n = 5 0.401, n = 10 0.803 (noncentral t).
    expect(pairedPower(1, 1, 5)).toBeCloseTo(0.401, 2);
    expect(pairedPower(1, 1, 10)).toBeCloseTo(0.803, 2);
    expect(pairedPower(0.05, 0, 3)).toBe(1);
  });

  it('is what counting significant samples says', () => {
    const stream = new PhiloxStream(11, PURPOSES.sweep);
    const trials = 4000;
    let significant = 0;
    for (let i = 0; i < trials; i++) {
      if (pairedP(Array.from({ length: 5 }, () => 0.06 + 0.04 * stream.normal())) < 0.05) significant += 1;
    }
    // Four standard errors of a share.
    const expected = pairedPower(0.06, 0.04, 5);
    expect(Math.abs(significant / trials - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / trials));
  });

  it('inverts to the smallest effect and the fewest seeds', () => {
    const effect = detectableEffect(0.03, 5);
    expect(pairedPower(effect, 0.03, 5)).toBeCloseTo(0.8, 6);
    expect(detectableEffect(0, 5)).toBe(0);
    const n = seedsNeeded(0.05, 0.04) ?? NaN;
    expect(pairedPower(0.05, 0.04, n)).toBeGreaterThanOrEqual(0.8);
    expect(pairedPower(0.05, 0.04, n - 1)).toBeLessThan(0.8);
    expect(seedsNeeded(0.001, 1)).toBeUndefined();
    // sqrt(4 / 1.6488): the 20 % quantile of chi-square with 4 degrees of freedom.
    expect(sdUpperLimit(1, 5)).toBeCloseTo(Math.sqrt(4 / 1.64878), 4);
  });
});

describe('a pooled deviation', () => {
  it('weighs samples by their degrees of freedom, and has those of all of them', () => {
    const pooled = pooledDeviation([
      { sd: 3, n: 2 },
      { sd: 1, n: 4 },
      { sd: 9, n: 1 },
    ]);
    expect(pooled).toEqual({ sd: Math.sqrt((9 + 3) / 4), degrees: 4 });
    expect(pooledHalfWidth(pooled!, 3)).toBeCloseTo((2.77644511 * Math.sqrt(3)) / Math.sqrt(3), 6);
    expect(pooledDeviation([{ sd: 0, n: 1 }])).toBeNull();
  });
});
