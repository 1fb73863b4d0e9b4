import { integers, kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { launchCrossEntropy } from '../../testing/kernels/launch';
import { crossEntropyKernel } from './cross-entropy';
import * as reference from './cross-entropy.reference';

function lossCase(rows: number, vocab: number, mask = integers(rows, 3, 2).fill(1, 0, 1), scale = 1): KernelCase {
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

kernelTests(
  'cross_entropy',
  [crossEntropyKernel],
  [
    ...SIZES.map((n) => lossCase(n, 5)),
    ...SIZES.map((n) => lossCase(3, n)),
    lossCase(7, 6, new Uint32Array(7)),
    // The warm start weighs review tokens.
    lossCase(7, 6, Uint32Array.of(1, 5, 0, 1, 1, 5, 0)),
    lossCase(5, 7, Uint32Array.of(1, 1, 0, 1, 1), 0),
    lossCase(5, 7, Uint32Array.of(1, 1, 0, 1, 1), 1e4),
    // Far apart, so that a lane left out of the maximum overflows.
    lossCase(33, 257, new Uint32Array(33).fill(1), 1e4),
  ],
);
