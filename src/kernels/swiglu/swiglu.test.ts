import { linearSwigluKernel } from '../linear/linear';
import { linearBackwardKernel } from '../linear/linear-backward';
import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { swigluCase } from '../../selftest/cases/swiglu';
import { swigluBackwardKernel } from './swiglu';

kernelTests(
  'swiglu',
  [linearSwigluKernel, linearBackwardKernel, swigluBackwardKernel],
  [
    ...SIZES.flatMap((n) => [swigluCase(n, 3), swigluCase(n, 8), swigluCase(2, n)]),
    // Widths that are no multiple of 4 take a pass of their own backward.
    swigluCase(3, 7, 0),
    swigluCase(3, 7, 30),
    swigluCase(3, 7, 1e4),
    swigluCase(3, 12, 1e4),
  ],
);
