import { describe, expect, it } from 'vitest';
import { NEVER, payingMargin, rejectionScore } from './calibrated-margin';

const many = (count: number, score: number, gain: number) => Array.from({ length: count }, () => ({ score, gain }));

describe('the margin that pays', () => {
  it('is the lowest score whose cuts still gain', () => {
    expect(payingMargin([...many(9, 3, 1), ...many(9, 1, 1), ...many(9, -1, -1)])).toBe(1);
    // Whatever the order.
    expect(payingMargin([...many(9, -1, -1), ...many(9, 1, 1), ...many(9, 3, 1)])).toBe(1);
  });

  it('takes a loss in the middle if what lies below gains more', () => {
    expect(payingMargin([...many(20, 3, 1), ...many(2, 2, -1), ...many(9, 1, 1), ...many(1, 0, 0)])).toBe(1);
  });

  it('cuts all drafts of one score or none', () => {
    expect(payingMargin([...many(9, 2, 1), ...many(5, 1, 1), ...many(6, 1, -1)])).toBe(2);
  });

  it('is out of reach where the gain is not clear of chance', () => {
    expect(payingMargin([])).toBe(NEVER);
    expect(payingMargin(many(40, 1, 0))).toBe(NEVER);
    expect(payingMargin([...many(3, 2, 1), ...many(40, 1, -1)])).toBe(NEVER);
    expect(payingMargin([...many(4, 2, 1), ...many(40, 1, -1)])).toBe(2);
  });
});

describe('the score that a margin is compared with', () => {
  const of = (...p: number[]) =>
    Float32Array.from([...p.map(Math.log), ...new Array<number>(6 - p.length).fill(-Infinity)]);

  it('is of all cuts together behind every step, else of the likeliest one', () => {
    expect(rejectionScore(of(0.2, 0.3, 0.5), true)).toBeCloseTo(Math.log(4), 6);
    expect(rejectionScore(of(0.2, 0.3, 0.5), false)).toBeCloseTo(Math.log(2.5), 6);
  });
});
