import { expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { parseSeeds } from './seeds';

function errorOf(text: string): string {
  try {
    parseSeeds(text);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('reads ranges, lists and both, in the order given', () => {
  expect(parseSeeds('1..5')).toEqual([1, 2, 3, 4, 5]);
  expect(parseSeeds('7')).toEqual([7]);
  expect(parseSeeds('3..3')).toEqual([3]);
  expect(parseSeeds('5001..6000')).toHaveLength(1000);
  expect(parseSeeds('7,1,3')).toEqual([7, 1, 3]);
  expect(parseSeeds('1..3, 7,10..11')).toEqual([1, 2, 3, 7, 10, 11]);
  expect(parseSeeds('0,4294967295')).toEqual([0, 4294967295]);
});

it('says what was probably meant', () => {
  expect(errorOf('5..1')).toContain('Did you mean 1..5?');
  expect(errorOf('1-5')).toContain('Did you mean 1..5?');
  expect(errorOf('1...5')).toContain('Did you mean 1..5?');
  expect(errorOf('1,2,x')).toBe('--seeds cannot read "x" in "1,2,x". Write 1..5, 1,3,7 or both together: 1..3,7.');
  expect(errorOf('1..')).toContain('cannot read "1..".');
  expect(errorOf('1,,2')).toContain('cannot read ""');
  expect(errorOf('-1')).toContain('cannot read "-1".');
  expect(errorOf('1.5')).toContain('cannot read "1.5".');
  expect(errorOf('4294967296')).toContain('The nearest valid value is 4294967295.');
  expect(errorOf('1..3,2')).toBe('--seeds names seed 2 twice: "1..3,2". Each seed is one run: --seeds 1,2,3');
  expect(errorOf('1..1001')).toContain('is 1001 runs, more than 1000. The nearest valid value is 1..1000.');
  expect(errorOf('1..100000')).toContain('is 100000 runs, more than 1000. The nearest valid value is 1..1000.');
});
