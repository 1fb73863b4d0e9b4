import * as reference from '../../kernels/cross-entropy/cross-entropy.reference';
import { integers, normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchCrossEntropy } from '../launch/launch';

export function lossCase(
  rows: number,
  vocab: number,
  mask = integers(rows, 3, 2).fill(1, 0, 1),
  scale = 1,
): KernelCase {
  const targets = integers(rows, 2, vocab);
  const args = { rows, vocab, logits: normals(rows * vocab, 1, scale), targets, mask };
  return {
    name: `${rows} rows, ${vocab} tokens, mask ${mask.slice(0, 3).join('')}.., times ${scale}`,
    launch: (bench) => launchCrossEntropy(bench, args),
    exactZeros: ['dLogits'],
    want: () => {
      const { nll, loss, dLogits } = reference.crossEntropy(args);
      return { nll, loss: [loss], dLogits };
    },
  };
}
