import { describe, expect, it } from 'vitest';
import { sharedBeginnings } from './shared-beginnings';

/** Tokens 0, 1, 2, .. of draft `draft`. */
const text = (draft: number, length: number) => Uint16Array.from({ length }, (_, t) => 1000 * draft + t);

describe('rows that begin alike', () => {
  it('are read once, in the longest of them', () => {
    expect(sharedBeginnings([text(1, 28), text(1, 50), text(2, 40), text(1, 28), text(2, 40)])).toEqual([
      { from: 2, to: [4], count: 39 },
      { from: 1, to: [0, 3], count: 27 },
    ]);
  });

  it('may differ in their newest token, which each is fed itself', () => {
    const other = text(1, 28);
    other[27] = 7;
    expect(sharedBeginnings([text(1, 28), other])).toEqual([{ from: 0, to: [1], count: 27 }]);
    other[26] = 7;
    expect(sharedBeginnings([text(1, 28), other])).toEqual([]);
  });

  it('read a block by themselves', () => {
    expect(sharedBeginnings([text(1, 15), text(1, 15), text(1, 0)])).toEqual([]);
    expect(sharedBeginnings([text(1, 16), text(1, 15)])).toEqual([]);
  });
});
