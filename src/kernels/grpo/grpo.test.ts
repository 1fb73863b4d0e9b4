import { describe, expect, it } from 'vitest';
import { integers, kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { launchGrpo } from '../../testing/kernels/launch';
import { aggregationWeights, grpoLossKernel, type Aggregation } from './grpo';
import * as reference from './grpo.reference';

interface Options {
  aggregation?: Aggregation;
  mask?: Uint32Array;
  entropyBonus?: number;
  oldFromNew?: boolean;
  /** Share of the vocabulary that is not allowed. */
  forbidden?: boolean;
  scale?: number;
}

function grpoCase(name: string, batch: number, seqLen: number, vocab: number, options: Options = {}): KernelCase {
  const rows = batch * seqLen;
  const { scale = 1, forbidden = false, mask, ...rest } = options;
  const targets = integers(rows, 2, vocab);
  const allowed = integers(rows * vocab, 7, 2);
  targets.forEach((target, n) => (allowed[n * vocab + target] = 1));
  const logits = normals(rows * vocab, 1, scale);
  // Log-probabilities under a policy nearby, so that ratios lie on both sides of the clip range.
  const near = (seed: number) => {
    const moved = logits.map((x, i) => x + 0.3 * normals(logits.length, seed)[i]!);
    const nothing = { oldLogProbs: [], refLogProbs: [], advantages: [], policyMask: new Uint8Array(rows) };
    return reference.grpoLoss({ ...shape, ...nothing, logits: moved, targets }).logProbs.map(Math.fround);
  };
  const shape = { batch, seqLen, vocab, clipLow: 0.2, clipHigh: 0.28, klBeta: 0.04, aggregation: 'tokenMean' as const };
  const args = {
    ...shape,
    ...rest,
    logits,
    targets,
    oldLogProbs: near(4),
    refLogProbs: near(5),
    advantages: normals(batch, 6),
    policyMask: mask ?? integers(rows, 3, 2),
    ...(forbidden ? { allowed } : {}),
  };
  return {
    name: `${name}: ${batch} x ${seqLen}, ${vocab} tokens`,
    launch: (bench) => launchGrpo(bench, args),
    exactZeros: ['dLogits'],
    want: () => {
      const { loss, policyLoss, kl, approxKl, clipFraction, entropy, ...tensors } = reference.grpoLoss(args);
      const scalars = { loss, policyLoss, kl, approxKl, clipFraction, entropy };
      return { ...tensors, ...Object.fromEntries(Object.entries(scalars).map(([key, value]) => [key, [value]])) };
    },
  };
}

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
