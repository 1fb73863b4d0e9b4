import { describe, expect, it } from 'vitest';
import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { embeddingCase, scatterCase } from '../../selftest/cases/embedding';
import { embeddingBackwardKernel, embeddingForwardKernel, rowsByIndex, scatterRowsKernel } from './embedding';

kernelTests(
  'embedding',
  [embeddingForwardKernel, embeddingBackwardKernel, scatterRowsKernel],
  [
    ...SIZES.map((n) => embeddingCase(n, 5, 3)),
    ...SIZES.map((n) => embeddingCase(9, n, 2)),
    ...SIZES.map((n) => embeddingCase(4, 3, n)),
    embeddingCase(65, 4, 3, new Uint32Array(65).fill(3)),
    embeddingCase(257, 9, 40),
    ...SIZES.map((n) => scatterCase(n, 3)),
    scatterCase(3, 65),
  ],
);

describe('rowsByIndex', () => {
  it('lists the rows of every entry in ascending order', () => {
    const { offsets, rowsOf } = rowsByIndex(Uint32Array.of(2, 0, 2, 3), 5);
    expect([...offsets]).toEqual([0, 1, 1, 3, 4, 4]);
    expect([...rowsOf]).toEqual([1, 0, 2, 3]);
  });
});
