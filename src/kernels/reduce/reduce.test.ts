import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { addCase, columnsCase, partialsCase } from '../../selftest/cases/reduce';
import { addKernel, reduceColumnsKernel, reducePartialsKernel } from './reduce';

kernelTests(
  'reduce',
  [reducePartialsKernel, reduceColumnsKernel, addKernel],
  [
    ...SIZES.flatMap((n) => [partialsCase(n, 1), partialsCase(n, 5), addCase(n)]),
    ...SIZES.flatMap((n) => [columnsCase(n, 2), columnsCase(n, 7), columnsCase(n, 8)]),
    // More workgroups than one dimension of the element-wise grid holds.
    addCase(32768 * 64 + 65),
  ],
);
