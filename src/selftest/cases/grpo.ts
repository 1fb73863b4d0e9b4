import * as reference from '../../kernels/grpo/grpo.reference';
import type { Aggregation } from '../../kernels/grpo/grpo';
import { integers, normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchGrpo } from '../launch/launch';

interface Options {
  aggregation?: Aggregation;
  mask?: Uint32Array;
  entropyBonus?: number;
  oldFromNew?: boolean;
  /** Share of the vocabulary that is not allowed. */
  forbidden?: boolean;
  scale?: number;
}

export function grpoCase(
  name: string,
  batch: number,
  seqLen: number,
  vocab: number,
  options: Options = {},
): KernelCase {
  const rows = batch * seqLen;
  const { scale = 1, forbidden = false, mask, ...rest } = options;
  const targets = integers(rows, 2, vocab);
  const allowed = integers(rows * vocab, 7, 2);
  targets.forEach((target, n) => (allowed[n * vocab + target] = 1));
  const logits = normals(rows * vocab, 1, scale);
  // Log-probabilities under a policy nearby, so that ratios lie on both sides of the clip range.
  const near = (seed: number) => {
    const moves = normals(logits.length, seed, 0.3);
    const moved = logits.map((x, i) => x + moves[i]!);
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
