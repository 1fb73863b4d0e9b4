import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { mean } from '../../lib/stats';
import type { Metrics } from '../learning/metrics';
import { cutQuality } from './cut-quality';
import { decompose } from './theory';
import { estimateTheory, theoryMeters } from './theory-meters';
import { cutValues, decomposeQuestions, type TheorySample } from './theory-sample';

const D = 3;

interface Truth {
  /** (N, maxSteps) */
  values: number[];
  rewardChance: number[];
}

/**
 * A made-up world with known values: per question a difficulty, per draft steps, review and the chance that each cut ends well.
 * Draft rewards and regenerations are 0 or 1 with those chances; the fresh side draws its drafts and reviews anew.
 */
function simulate(
  seed: number,
  questions: number,
  replicates: number,
  shift = 0,
): { sample: TheorySample; truth: Truth } {
  const stream = new PhiloxStream(seed, PURPOSES.hand);
  const maxSteps = 3;
  const count = questions * D;
  const draw = (q: number) => {
    const ease = 0.2 + 0.6 * ((q * 7) % 10) * 0.1;
    const steps = 1 + stream.int(maxSteps);
    const right = stream.uniform() < ease ? 1 : 0;
    const alpha = right === 1 ? 0.3 + 0.6 * stream.uniform() : 0.5 * stream.uniform();
    const weights = Array.from({ length: steps }, (_, k) => stream.uniform() + (k === 0 ? 1 : 0));
    const total = weights.reduce((a, w) => a + w, 0);
    const values = weights.map((_, k) => Math.min(1, ease * (k === 0 ? 1.2 : 0.3 + 0.4 * right)));
    return { steps, right, alpha, h: weights.map((w) => w / total), values };
  };
  const padded = (list: number[]) => [...list, ...new Array<number>(maxSteps - list.length).fill(0)];
  const drafts = Array.from({ length: count }, (_, i) => draw(Math.floor(i / D)));
  const flip = (chance: number) => (stream.uniform() < chance ? 1 : 0);
  const fresh = Array.from({ length: questions }, (_, q) => {
    const some = Array.from({ length: D }, () => {
      const { right, alpha, h, values } = draw(q);
      return [right, flip(alpha) === 1 ? right : flip(values[stream.weighted(h)]!)] as const;
    });
    return [mean(some.map(([draft]) => draft)), mean(some.map(([, final]) => final))] as const;
  });
  const sample: TheorySample = {
    questions,
    question: drafts.map((_, i) => Math.floor(i / D)),
    rewards: drafts.map(({ right }) => right),
    em: drafts.map(({ right }) => right),
    alpha: drafts.map(({ alpha }) => alpha),
    steps: drafts.map(({ steps }) => steps),
    maxSteps,
    h: drafts.flatMap(({ h }) => padded(h)),
    replicates,
    outcomes: drafts.flatMap(({ values }) =>
      padded(values).flatMap((v, k) =>
        Array.from({ length: replicates }, () => (k < values.length ? flip(v) + (k === 0 ? shift : 0) : 0)),
      ),
    ),
    freshBase: fresh.map(([base]) => base),
    freshMeta: fresh.map(([, meta]) => meta),
  };
  const truth = {
    values: drafts.flatMap(({ values }) => padded(values)),
    rewardChance: drafts.map(({ right }) => right),
  };
  return { sample, truth };
}

const once = (sample: TheorySample) => new Float64Array(sample.questions).fill(1);

function expectMeters(got: Metrics, want: Metrics): void {
  for (const [key, value] of Object.entries(want)) {
    if (value === null) expect(got[key], key).toBeNull();
    else expect(got[key], key).toBeCloseTo(value, 12);
  }
}

/** Two questions of two drafts each, small enough to work out by hand. */
const byHand: TheorySample = {
  questions: 2,
  question: [0, 0, 1, 1],
  rewards: [1, 0, 2, 0],
  em: [1, 0, 1, 0],
  alpha: [0.5, 0, 1, 0.5],
  steps: [2, 1, 1, 2],
  maxSteps: 2,
  h: [0.25, 0.75, 1, 0, 1, 0, 0.75, 0.25],
  replicates: 2,
  // Replicates of step 1, then of step 2.
  outcomes: [1, 1, 0, 2, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 1, 1],
  freshBase: [0.5, 1],
  freshMeta: [1, 1.25],
};

describe('the theory meters', () => {
  it('are what a small sample gives by hand', () => {
    expect([...cutValues(byHand)]).toEqual([1, 1, 0.5, 0, 1, 0, 0.5, 1]);
    expect([...cutValues(byHand, 1, 2)]).toEqual([1, 2, 0, 0, 0, 0, 1, 1]);
    expect(() => cutValues(byHand, 1, 1)).toThrow('no replicates 1 to 0 of 2');
    expect(() => cutValues(byHand, -1, 1)).toThrow('no replicates -1 to 0 of 2');
    expect(() => cutValues(byHand, 0, 3)).toThrow('no replicates 0 to 2 of 2');
    // jTrim: 1, 0.5, 1, 0.625; with the refiner: 1, 0.5, 2, 0.3125.
    expectMeters(theoryMeters(byHand)([1, 1]), {
      jBase: 0.75,
      jMeta: 0.953125,
      zAcc: 0.5,
      vInter: 0.5,
      // alpha about its mean 0.5 is (0, -0.5, 0.5, 0), R - jTrim is (0, -0.5, 1, -0.625).
      aPrec: (0.25 + 0.5) / 4,
      // G: (0, 0), (0.5), (-1), (0.5, 1). Step 1: E[hG] -1/32, E[G] 0; step 2: E[h] = E[G] = 1/4, E[hG] 1/16.
      sTrim: -1 / 32,
      gBar: 1 / 16,
      gainSweep: 0.953125 - 0.75,
      aPrecWithin: (1 / 16 + 13 / 64) / 2,
      sTrimWithin: (3 / 32 - 1 / 32) / 2,
      gBarWithin: (5 / 32 - 5 / 32) / 2,
      jBaseFresh: 0.75,
      jMetaFresh: 1.125,
      gainFresh: 0.375,
      identityGap: 0.375 - 0.203125,
      // Weights of revision 0.5, 1, 0, 0.5: values of the drawn cut 1, 0.5, -, 0.625; of the likeliest 1, 0.5, -, 0.5.
      cutValue: (0.5 + 0.5 + 0.3125) / 2,
      cutValueLikeliest: (0.5 + 0.5 + 0.25) / 2,
      cutValueUniform: (0.5 + 0.5 + 0.375) / 2,
      // Draft 0: the first half says step 1, worth 1 on the second, which says step 2, worth 0 on the first. Draft 3: step 2 is
      // worth 1 either way, and the second half holds both for best, worth 0.5 on the first.
      cutValueBest: (0.5 * 0.5 + 0.5 + 0.5 * 0.75) / 2,
      cutRegret: 0.5625 - 0.65625,
      cutRegretLikeliest: 0.5625 - 0.625,
      // The best is no better than chance here.
      cutProgress: null,
      cutProgressLikeliest: null,
      // Of drafts 0 and 3: both cuts of draft 0 are worth the same, of draft 3 the second more.
      cutRank: (0.5 * 0.5 + 0.5 * 0.25) / 1,
      cutRankLikeliest: (0.5 * 0.5 + 0.5 * 0) / 1,
      // Predicted wrong 0.5, 1, 0, 0.5; wrong 0, 1, 0, 1.
      brier: 0.125,
      brierReference: 0.25,
      calibrationError: 0,
      discriminatorAuc: 0.875,
    });
  });

  it('weigh a question as often as it counts', () => {
    const { jBase, gBarWithin, jBaseFresh } = theoryMeters(byHand)([3, 1]);
    expect(jBase).toBeCloseTo((3 * 0.5 + 1) / 4, 12);
    expect(gBarWithin).toBeCloseTo((3 * (5 / 32) - 5 / 32) / 4, 12);
    expect(jBaseFresh).toBeCloseTo((3 * 0.5 + 1) / 4, 12);
    expect(theoryMeters(byHand)([0, 3])['jBase']).toBe(1);
  });

  it('know how far the refiner has come from chance to the best cut', () => {
    // One question of two drafts: the second cut of the first is right, the first of the second. The last is revised half the time.
    const sharp: TheorySample = {
      ...byHand,
      questions: 1,
      question: [0, 0],
      rewards: [0, 1],
      em: [0, 1],
      alpha: [0, 0.5],
      steps: [2, 2],
      h: [0.25, 0.75, 0.25, 0.75],
      outcomes: [0, 0, 1, 1, 1, 1, 0, 0],
      freshBase: [0],
      freshMeta: [0],
    };
    expectMeters(theoryMeters(sharp)([1]), {
      cutValue: (0.75 + 0.5 * 0.25) / 1.5,
      cutValueLikeliest: 1 / 1.5,
      cutValueUniform: 0.5,
      cutValueBest: 1,
      cutRegret: 1 - 0.875 / 1.5,
      cutRegretLikeliest: 1 - 1 / 1.5,
      cutProgress: 1 / 6,
      cutProgressLikeliest: 1 / 3,
      cutRank: (0.75 + 0.5 * 0.25) / 1.5,
      cutRankLikeliest: 1 / 1.5,
      // Predicted wrong 1 and 0.5, which the first is.
      brier: 0.125,
      calibrationError: 0.25,
      discriminatorAuc: 1,
    });
  });

  it.each([1, 2, 3])('keep the identity for any weights of the questions, pooled and within each, seed %i', (seed) => {
    const { sample } = simulate(seed, 6, 2);
    for (const counts of [once(sample), [3, 0, 1, 0, 2, 0]]) {
      const { jMeta, jBase, gainSweep } = theoryMeters(sample)(counts);
      expect(jMeta! - jBase!).toBeCloseTo(gainSweep!, 12);
    }
    const within = decomposeQuestions(sample);
    expect(within).toHaveLength(6);
    for (const { jMeta, jBase, aPrec, vInter, sTrim, gBar } of within)
      expect(jMeta - jBase).toBeCloseTo(aPrec + vInter * (sTrim + gBar), 12);
    expect(mean(within.map(({ jBase }) => jBase))).toBeCloseTo(theoryMeters(sample)(once(sample))['jBase']!, 12);
  });

  it('estimate what the true values give', () => {
    const { sample, truth } = simulate(4, 2000, 4);
    const { rewards, alpha, steps, maxSteps, h } = sample;
    const p = steps.length;
    const exact = decompose({
      p: new Array<number>(p).fill(1 / p),
      rewards,
      alpha,
      steps,
      maxSteps,
      h,
      values: truth.values,
    });
    const meters = theoryMeters(sample)(once(sample));
    for (const key of ['jMeta', 'aPrec', 'sTrim', 'gBar'] as const) {
      expect(Math.abs(meters[key]! - exact[key])).toBeLessThan(0.01);
    }
    for (const key of ['aPrec', 'sTrim', 'gBar'] as const) expect(Math.abs(exact[key])).toBeGreaterThan(0.01);
    expect(Math.abs(meters['identityGap']!)).toBeLessThan(0.03);
  });

  it('have intervals that hold the gap of the identity, 0, about as often as they say, and not where a value is shifted', () => {
    const RUNS = 40;
    let [held, caught] = [0, 0];
    for (let seed = 0; seed < RUNS; seed++) {
      const gap = (shift: number) => {
        const { sample } = simulate(100 + seed, 40, 2, shift);
        return estimateTheory(sample, new PhiloxStream(seed, PURPOSES.sweep), 100, 0.9).intervals['identityGap']!;
      };
      const { low, high } = gap(0);
      if (low <= 0 && 0 <= high) held += 1;
      if (gap(0.75).high < 0) caught += 1;
    }
    expect(held / RUNS).toBeGreaterThan(0.75);
    expect(held / RUNS).toBeLessThan(1);
    expect(caught / RUNS).toBeGreaterThan(0.9);
  });

  it('repeat with the same stream and leave out what cannot be said', () => {
    const { sample } = simulate(5, 8, 2);
    const estimate = () => JSON.stringify(estimateTheory(sample, new PhiloxStream(1, PURPOSES.sweep), 50));
    expect(estimate()).toBe(estimate());
    // All accepted: no draft is cut, so no cut has a value; all right: nothing to tell apart.
    const accepted = { ...sample, alpha: sample.question, em: sample.question };
    const sure = { ...accepted, alpha: Array.from(sample.em, () => 1), em: Array.from(sample.em, () => 1) };
    const { meters, intervals } = estimateTheory(sure, new PhiloxStream(1, PURPOSES.sweep), 50);
    expect(meters['vInter']).toBeCloseTo(0, 12);
    for (const key of ['cutValue', 'cutRank', 'cutProgress', 'discriminatorAuc']) expect(meters[key]).toBeNull();
    expect(Object.keys(intervals)).not.toContain('cutValue');
    expect(intervals['jBase']!.low).toBeLessThanOrEqual(meters['jBase']!);
  });
});

describe('the quality of cuts', () => {
  it('does not call luck skill: where all cuts are worth the same, the best one is worth no more', () => {
    const stream = new PhiloxStream(3, PURPOSES.hand);
    const [drafts, maxSteps, replicates] = [4000, 4, 4];
    const flips = Array.from({ length: drafts * maxSteps * replicates }, () => (stream.uniform() < 0.5 ? 1 : 0));
    const sample: TheorySample = {
      ...byHand,
      steps: new Array<number>(drafts).fill(maxSteps),
      maxSteps,
      h: Array.from({ length: drafts * maxSteps }, (_, c) => [0.4, 0.3, 0.2, 0.1][c % maxSteps]!),
      replicates,
      outcomes: flips,
    };
    const { best, chosen, uniform, rank } = cutQuality(sample);
    const values = cutValues(sample);
    const naive = Array.from({ length: drafts }, (_, i) =>
      Math.max(...values.subarray(i * maxSteps, (i + 1) * maxSteps)),
    );
    expect(mean(naive)).toBeGreaterThan(0.65);
    for (const list of [best, chosen, uniform]) expect(Math.abs(mean(list) - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(mean(rank) - 0.5)).toBeLessThan(0.02);
  });

  it('finds a best cut that there is', () => {
    const { sample } = simulate(8, 2000, 8);
    // Step 1 is worth more than the others in the made-up world, and likelier.
    const { best, chosen, uniform, rank } = cutQuality(sample);
    expect(mean(best)).toBeGreaterThan(mean(uniform) + 0.04);
    expect(mean(chosen)).toBeGreaterThan(mean(uniform) + 0.02);
    const several = rank.filter((_, i) => sample.steps[i]! > 1);
    expect(mean(several)).toBeGreaterThan(0.55);
    expect(rank.filter((_, i) => sample.steps[i] === 1).every(Number.isNaN)).toBe(true);
  });
});
