import { describe, expect, it } from 'vitest';
import { trajectoryReward, type RewardOptions, type SearchWorth } from './reward';

/** Searches that found so many new supporting passages each. */
const searches = (...fresh: number[]): SearchWorth[] => fresh.map((n) => ({ useful: n > 0 ? 1 : 0, share: n / 3 }));

const reward = (right: boolean, fresh: number[], options: Partial<RewardOptions> = {}) =>
  trajectoryReward(right, searches(...fresh), { process: 'collection', combine: 'gated', ...options });

describe('trajectoryReward', () => {
  it('is EM (1 + the share of useful searches)', () => {
    // Three searches, of which the first and the last were useful: 1 + 2/3.
    expect(reward(true, [2, 0, 1])).toBeCloseTo(1 + 2 / 3, 12);
    expect(reward(true, [1])).toBe(2);
    expect(reward(true, [0, 0])).toBe(1);
  });

  it('pays nothing for evidence without the answer, unless the two are summed', () => {
    expect(reward(false, [3, 1])).toBe(0);
    expect(reward(false, [3, 0], { combine: 'sum' })).toBe(0.5);
    expect(reward(true, [3, 0], { combine: 'sum' })).toBe(1.5);
  });

  it('counts passages where asked: the mean share of new supporting ones', () => {
    // (2/3 + 0 + 1/3) / 3 = 1/3.
    expect(reward(true, [2, 0, 1], { process: 'passage' })).toBeCloseTo(4 / 3, 12);
    expect(reward(false, [3, 3], { process: 'passage', combine: 'sum' })).toBe(1);
  });

  it('is EM alone without a process reward or without a search', () => {
    expect(reward(true, [3, 3], { process: 'off' })).toBe(1);
    expect(reward(true, [])).toBe(1);
    expect(reward(true, [], { combine: 'sum', process: 'passage' })).toBe(1);
    expect(reward(false, [], { combine: 'sum' })).toBe(0);
  });
});
