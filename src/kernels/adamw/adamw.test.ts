import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { adamwCase } from '../../selftest/cases/adamw';
import { adamwKernel, gradNormKernel } from './adamw';

kernelTests(
  'adamw',
  [adamwKernel, gradNormKernel],
  [
    ...SIZES.map((n) => adamwCase([n], 0, 0)),
    adamwCase([64, 7, 65, 1], 1, 0.1),
    adamwCase([3, 5], 1e3, 0.3),
    adamwCase([7], 1, 0, 0),
    adamwCase([7], 1, 0, 1e4),
  ],
);
