import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { normCase } from '../../selftest/cases/rmsnorm';
import { rmsnormBackwardKernel, rmsnormForwardKernel } from './rmsnorm';

kernelTests(
  'rmsnorm',
  [rmsnormForwardKernel, rmsnormBackwardKernel],
  [
    ...SIZES.map((n) => normCase(n, 5)),
    ...SIZES.map((n) => normCase(3, n)),
    // Several rows, lanes and chunks at once, none of them full.
    normCase(70, 130),
    normCase(3, 17, 0),
    normCase(3, 17, 1e-4),
    normCase(3, 17, 1e4),
  ],
);
