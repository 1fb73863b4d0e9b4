import { linearRopeKernel } from '../linear/linear';
import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { ropeCase } from '../../selftest/cases/rope';
import { ropeKernel } from './rope';

kernelTests(
  'rope',
  [ropeKernel, linearRopeKernel],
  [
    ...SIZES.map((n) => ropeCase(1, 1, n, 2)),
    ...SIZES.map((n) => ropeCase(n, 2, 1, 4, 3)),
    ...[2, 6, 16, 64, 130].map((d) => ropeCase(2, 3, 3, d, 7)),
    ropeCase(1, 2, 3, 8, 0, 0),
    ropeCase(1, 2, 3, 8, 0, 1e4),
  ],
);
