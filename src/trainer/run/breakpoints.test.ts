import { describe, expect, it } from 'vitest';
import { breakReason } from './breakpoints';
import { NO_BREAKPOINTS } from '../protocol/protocol';

const metrics = { zeroVarianceGroups: 3, revisionRate: 0.25, entropy: 0.4 };

describe('breakReason', () => {
  it.each([
    [{}, null],
    [{ zeroVarianceGroups: 3 }, '3 questions have equal rewards'],
    [{ zeroVarianceGroups: 4 }, null],
    [{ revisionRate: { low: 0.1, high: 0.25 } }, null],
    [{ revisionRate: { low: 0.3, high: 0.9 } }, '25.0 % of the drafts were cut, fewer than 30.0 %'],
    [{ revisionRate: { low: 0, high: 0.2 } }, '25.0 % of the drafts were cut, more than 20.0 %'],
    [{ entropyBelow: 0.4 }, null],
    [{ entropyBelow: 0.41 }, 'entropy 0.400 is below 0.41'],
  ])('%o', (set, reason) => {
    expect(breakReason({ ...NO_BREAKPOINTS, ...set }, metrics)).toBe(reason);
  });

  it('meets nothing where a metric is undefined', () => {
    const all = { zeroVarianceGroups: 0, revisionRate: { low: 0.5, high: 0.6 }, entropyBelow: 9, pinnedAnswer: true };
    expect(breakReason(all, { revisionRate: null })).toBeNull();
  });
});
