import { describe, expect, it } from 'vitest';
import { defineKernel } from './kernel';
import { estimateMs, partsOf } from './work-limits';

const whole = defineKernel({ name: 'whole', source: '', params: { n: 'u32' }, buffers: {} });
const parted = defineKernel({ name: 'parted', source: '', params: { n: 'u32', firstGroup: 'u32' }, buffers: {} });

describe('partsOf', () => {
  /** Of a millisecond by estimate, but for the launch. */
  const MS = 6e6;

  it.each([
    [parted, [[10, 11.9]], [[0, 10, 11.9]]],
    [
      parted,
      [[10, 12.1]],
      [
        [0, 5, 6.05],
        [5, 5, 6.05],
      ],
    ],
    [
      parted,
      [[10, 30]],
      [
        [0, 3, 9],
        [3, 3, 9],
        [6, 3, 9],
        [9, 1, 3],
      ],
    ],
    [
      parted,
      [[2, 1e6]],
      [
        [0, 1, 5e5],
        [1, 1, 5e5],
      ],
    ],
    [parted, [[1, 1e6]], [[0, 1, 1e6]]],
    // Those of another section are of another length.
    [
      parted,
      [
        [4, 4],
        [2, 7],
      ],
      [[0, 6, 11]],
    ],
    [
      parted,
      [
        [4, 4],
        [2, 20],
      ],
      [
        [0, 4, 4],
        [4, 1, 10],
        [5, 1, 10],
      ],
    ],
    [
      whole,
      [
        [4, 4],
        [2, 1e6],
      ],
      [[0, 6, 1000004]],
    ],
  ] as const)('%o of %j', (spec, sections, wanted) => {
    const given = sections.map(([groups, ms]) => ({ groups, work: ms * MS }));
    const parts = partsOf(spec, given, 12, true);
    expect(parts.map(({ first, count }) => [first, count])).toEqual(wanted.map(([first, count]) => [first, count]));
    parts.forEach(({ work }, i) => expect(work / MS).toBeCloseTo(wanted[i]?.[2] ?? NaN, 6));
  });
});

describe('estimateMs', () => {
  it('counts operations that wait for memory as more than those of a product', () => {
    const slow = { ...whole, costPerOperation: 10 };
    const [fast, long] = [estimateMs(whole, 6e6, true), estimateMs(slow, 6e6, true)];
    expect(fast).toBeCloseTo(1.03, 6);
    expect(long).toBeCloseTo(10.03, 6);
    expect(estimateMs(whole, 6e6, false)).toBeLessThan(0.1);
  });
});
