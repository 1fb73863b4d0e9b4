import { describe, expect, it } from 'vitest';
import { advantageAgainst, groupAdvantages } from './advantage';

describe('groupAdvantages', () => {
  it('works out a group by hand', () => {
    // mean 1, sample variance (1 + 1 + 0) / 2 = 1
    const rewards = [0, 2, 1];
    expect([...groupAdvantages({ rewards, groupSize: 3, mode: 'grpo', eps: 0 }).advantages]).toEqual([-1, 1, 0]);
    expect([...groupAdvantages({ rewards, groupSize: 3, mode: 'drgrpo' }).advantages]).toEqual([-1, 1, 0]);
    expect([...groupAdvantages({ rewards, groupSize: 3, mode: 'rloo' }).advantages]).toEqual([-1.5, 1.5, 0]);
  });

  it.each(['grpo', 'drgrpo', 'rloo'] as const)('%s: an all-equal group is exactly 0 and counted', (mode) => {
    // Three times 0.1 has a rounded mean that is not 0.1.
    const result = groupAdvantages({ rewards: [0.1, 0.1, 0.1, 0, 1, 0], groupSize: 3, mode });
    expect([...result.advantages.slice(0, 3)]).toEqual([0, 0, 0]);
    expect(result.advantages[4]).toBeGreaterThan(0);
    expect(result.zeroVarianceGroups).toBe(1);
  });

  it('keeps groups apart', () => {
    const alone = groupAdvantages({ rewards: [0, 1], groupSize: 2, mode: 'grpo' }).advantages;
    const beside = groupAdvantages({ rewards: [0, 1, 70, 90], groupSize: 2, mode: 'grpo' }).advantages;
    expect(beside.slice(0, 2)).toEqual(alone);
  });

  it('refuses rewards that are not whole groups', () => {
    for (const groupSize of [2, 1.5, 0, -3])
      expect(() => groupAdvantages({ rewards: [1, 2, 3], groupSize, mode: 'grpo' })).toThrow(
        `3 rewards are not whole groups of ${groupSize}`,
      );
  });

  it('is 0 for one row alone', () => {
    const { advantages, zeroVarianceGroups } = groupAdvantages({ rewards: [1, 2], groupSize: 1, mode: 'rloo' });
    expect([...advantages, zeroVarianceGroups]).toEqual([0, 0, 2]);
  });
});

describe('advantageAgainst', () => {
  it('compares a reward with a group that it is not in', () => {
    // As above: mean 1, deviation 1.
    expect(advantageAgainst([0, 2, 1], 3, 'grpo', 0)).toBe(2);
    expect(advantageAgainst([0, 2, 1], 3, 'drgrpo')).toBe(2);
    expect(advantageAgainst([0, 4, 2], 3, 'rloo')).toBe(1);
    expect(advantageAgainst([0.1, 0.1, 0.1], 3, 'grpo')).toBe(0);
    // One of its own rewards compares as it does inside.
    const { advantages } = groupAdvantages({ rewards: [0, 2, 1, 1], groupSize: 4, mode: 'grpo' });
    expect(advantageAgainst([0, 2, 1, 1], 2, 'grpo')).toBe(advantages[1]);
  });
});
