import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { lossCase } from '../../selftest/cases/cross-entropy';
import { crossEntropyKernel } from './cross-entropy';

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
