import { describe, expect, it } from 'vitest';
import { shortened } from './middle';

describe('a shortened name', () => {
  it.each([
    ['train.jsonl', 28, 'train.jsonl'],
    ['abcdefgh', 8, 'abcdefgh'],
    ['abcdefghi', 8, 'abcd…ghi'],
    ['abcdefghij', 7, 'abc…hij'],
    // Letters of two units are not cut in two.
    ['😀😀😀😀😀😀', 5, '😀😀…😀😀'],
  ])('%s in %i', (name, most, short) => {
    expect(shortened(name, most)).toBe(short);
    expect(Array.from(short).length).toBeLessThanOrEqual(most);
  });
});
