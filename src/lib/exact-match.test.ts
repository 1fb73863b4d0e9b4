import { describe, expect, it } from 'vitest';
import { EM_UNKNOWN, emAt, meanEm } from './exact-match';

describe('exact match', () => {
  it('is right, wrong or unknown', () => {
    const column = Uint8Array.of(0, 1, EM_UNKNOWN);
    expect([0, 1, 2].map((row) => emAt(column, row))).toEqual([0, 1, null]);
  });

  it('has a mean over what is known', () => {
    expect(meanEm(Uint8Array.of(0, 1, EM_UNKNOWN, 1))).toBeCloseTo(2 / 3);
    expect(meanEm(Uint8Array.of(EM_UNKNOWN))).toBeNaN();
  });
});
