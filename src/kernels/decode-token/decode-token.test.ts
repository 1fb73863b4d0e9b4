import { describe, expect, it } from 'vitest';
import { defineKernel } from '../../gpu/kernel';
import { decodeTokenCase } from '../../selftest/cases/decode-token';
import { kernelTests } from '../../testing/kernels/kernel-harness';
import { decodeTokenKernel, takesRows } from './decode-token';

/** Few constants among the tests: a software adapter compiles each set for seconds. One row at once is tested with the decoder. */
const SMALL = { width: 16, headDim: 8, heads: 3, kvHeads: 1, ffn: 20, rowsAtOnce: 2 };

kernelTests(
  'model',
  [decodeTokenKernel],
  [
    // Around the rows of a workgroup and the 64 keys of a block.
    ...[1, 2, 3].map((active) => decodeTokenCase({ ...SMALL, active, positions: 9 })),
    ...[1, 63, 64, 65, 130].map((length) => decodeTokenCase({ ...SMALL, active: 3, positions: 130, length })),
    decodeTokenCase({ ...SMALL, active: 7, positions: 140 }),
    // More tiles than a pass has, half a tile at the end, more pairs than teams, quads that do not divide 64.
    decodeTokenCase({
      ...{ width: 132, headDim: 24, heads: 6, ffn: 132, vocab: 301, layers: 3 },
      ...{ active: 3, positions: 70, rowsAtOnce: 2 },
    }),
  ],
);

it('binds no more, and takes no more parameters, than any kernel may', () => {
  expect(defineKernel(decodeTokenKernel)).toBe(decodeTokenKernel);
});

describe('rows that fit a workgroup', () => {
  const shape = { vocab: 400, layers: 3, heads: 4, kvHeads: 4, rmsEps: 1e-5 };

  it('are two up to a width of 128, and one of 256', () => {
    const [base, large] = [
      { ...shape, width: 128, headDim: 32, ffn: 336 },
      { ...shape, width: 256, heads: 8, headDim: 32, ffn: 680 },
    ];
    expect([1, 2].map((rows) => takesRows(base, rows))).toEqual([true, true]);
    expect([1, 2].map((rows) => takesRows(large, rows))).toEqual([true, false]);
  });

  it('are none where vectors are no whole quads', () => {
    const whole = { ...shape, width: 32, headDim: 8, ffn: 80 };
    expect(takesRows(whole, 1)).toBe(true);
    for (const odd of [{ headDim: 12 }, { width: 34 }, { ffn: 82 }])
      expect(takesRows({ ...whole, ...odd }, 1)).toBe(false);
  });
});
