import { describe, expect, it } from 'vitest';
import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { grpoCase } from '../../selftest/cases/grpo';
import { aggregationWeights, grpoLossKernel } from './grpo';

kernelTests(
  'grpo',
  [grpoLossKernel],
  [
    ...SIZES.map((n) => grpoCase('rows', 1, n, 5)),
    ...SIZES.map((n) => grpoCase('vocabulary', 2, 3, n)),
    grpoCase('mean of sequences', 3, 7, 6, { aggregation: 'sequenceMean' }),
    grpoCase('fixed length', 3, 7, 6, { aggregation: 'fixedLength' }),
    grpoCase('nothing masked in', 2, 3, 6, { mask: new Uint32Array(6) }),
    grpoCase('forbidden tokens', 3, 7, 9, { forbidden: true }),
    grpoCase('forbidden tokens and an entropy bonus', 3, 7, 9, { forbidden: true, entropyBonus: 0.02 }),
    grpoCase('first epoch', 3, 7, 6, { oldFromNew: true }),
    grpoCase('all logits 0', 2, 3, 6, { scale: 0 }),
  ],
);

describe('aggregationWeights', () => {
  it('weighs by hand', () => {
    expect(aggregationWeights('sequenceMean', [2, 0, 4], 5)).toEqual([1 / 6, 0, 1 / 12]);
    expect(aggregationWeights('tokenMean', [2, 0, 4], 5)).toEqual([1 / 6, 0, 1 / 6]);
    expect(aggregationWeights('fixedLength', [2, 0, 4], 5)).toEqual([1 / 15, 0, 1 / 15]);
  });
});
