import { describe, expect, it } from 'vitest';
import { reviewPolicy } from './review-policy';

const logs = (...probabilities: number[]) => [
  ...probabilities.map(Math.log),
  ...new Array<number>(6 - probabilities.length).fill(-Infinity),
];

const MODEL = { refiner: 'model', reviewGate: 'model', reviewCut: 'model' } as const;

describe('reviewPolicy', () => {
  const reviews = {
    logProbs: Float32Array.from([...logs(0.5, 0.125, 0.375), ...logs(0.25, 0.75), ...logs(1, 1e-30, 3e-30)]),
  };
  const drafts = { stepCounts: Uint8Array.of(2, 1, 2), flawed: Uint8Array.of(2, 0, 0), em: Uint8Array.of(1, 1, 0) };

  it('divides a review into acceptance and, given rejection, the cut', () => {
    const { alpha, h } = reviewPolicy(reviews, drafts, { ...MODEL, refiner: 'model' });
    [0.5, 0.25, 1].forEach((a, i) => expect(alpha[i]).toBeCloseTo(a, 6));
    [0.25, 0.75, 0, 0, 0, 1, 0, 0, 0, 0, 0.25, 0.75, 0, 0, 0].forEach((p, c) => expect(h[c]).toBeCloseTo(p, 6));
    // What a run without a refiner would get from the network's reviews.
    expect(reviewPolicy(reviews, drafts, { ...MODEL, refiner: 'none' })).toEqual({ alpha, h });
  });

  it('divides what lies beyond the smallest numbers', () => {
    const far = {
      logProbs: Float32Array.from(
        [
          [-1, -1000, -0.5],
          [0, -800, -801],
        ].flatMap((x) => [...x, ...new Array<number>(3).fill(-Infinity)]),
      ),
    };
    const { h } = reviewPolicy(far, { ...drafts, stepCounts: Uint8Array.of(2, 2) }, MODEL);
    [0, 1, 0, 0, 0, 1 / (1 + Math.exp(-1)), 1 / (1 + Math.E)].forEach((p, c) => expect(h[c]).toBeCloseTo(p, 6));
  });

  it('is certain where the labels decide', () => {
    const { alpha, h } = reviewPolicy(reviews, drafts, { ...MODEL, refiner: 'oracleLabel' });
    expect([...alpha]).toEqual([0, 1, 1]);
    expect([...h.subarray(0, 6)]).toEqual([0, 1, 0, 0, 0, 1]);
    const wrong = reviewPolicy(reviews, drafts, { ...MODEL, refiner: 'oracleWrong' });
    expect([...wrong.alpha]).toEqual([1, 1, 1]);
    const both = reviewPolicy(reviews, { ...drafts, em: Uint8Array.of(0, 1, 1) }, { ...MODEL, refiner: 'oracleWrong' });
    expect([...both.alpha]).toEqual([0, 1, 1]);
  });

  it('follows a gate and a cut rule that are not the network’s', () => {
    const never = reviewPolicy(reviews, drafts, { ...MODEL, reviewGate: 'never' });
    expect([...never.alpha]).toEqual([1, 1, 1]);
    const uniform = reviewPolicy(reviews, drafts, { ...MODEL, reviewCut: 'uniform' });
    expect(uniform.alpha[0]).toBeCloseTo(0.5, 6);
    expect([...uniform.h.subarray(0, 6)]).toEqual([0.5, 0.5, 0, 0, 0, 1]);
    const first = reviewPolicy(reviews, drafts, { ...MODEL, reviewCut: 'first' });
    expect([...first.h.subarray(0, 6)]).toEqual([1, 0, 0, 0, 0, 1]);
  });
});
