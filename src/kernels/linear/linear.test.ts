import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import {
  decodeQkvCase,
  linearCase,
  normalisedCase,
  normalisedSwigluCase,
  residualCase,
} from '../../selftest/cases/linear';
import { decodeQkvKernel, linearForwardKernel, linearSwigluKernel } from './linear';
import { linearBackwardKernel, matmulStridedKernel } from './linear-backward';
import { transposeWeightsKernel } from './transpose';

kernelTests(
  'linear',
  [
    linearForwardKernel,
    linearSwigluKernel,
    decodeQkvKernel,
    transposeWeightsKernel,
    linearBackwardKernel,
    matmulStridedKernel,
  ],
  [
    // Backward, input widths that are multiples of 4 take the register-tiled kernel, the others matmul_strided.
    ...SIZES.flatMap((n) => [linearCase(n, 8, 12), linearCase(n, 7, 9)]),
    ...SIZES.map((n) => linearCase(3, n, 5)),
    ...SIZES.flatMap((n) => [linearCase(2, 4, n), linearCase(2, 3, n)]),
    // Weight gradients are summed in chunks of 512 rows.
    linearCase(512, 4, 3),
    linearCase(513, 4, 3),
    linearCase(513, 3, 3),
    residualCase(9, 8, 5),
    residualCase(9, 7, 6),
    linearCase(5, 8, 5, 0),
    linearCase(5, 8, 5, 1e4),
    linearCase(5, 7, 5, 1e4),
    ...SIZES.map((n) => normalisedCase(n, n, 8, 12)),
    ...SIZES.map((n) => normalisedCase(3, 2, n, 5)),
    normalisedCase(70, 33, 6, 9),
    ...SIZES.map((n) => normalisedSwigluCase(n, n, 8, 12)),
    ...SIZES.map((n) => normalisedSwigluCase(3, 2, 5, n)),
    ...SIZES.map((n) => decodeQkvCase(n, n, 4, 8)),
    decodeQkvCase(7, 3, 2, 5),
    decodeQkvCase(40, 33, 16, 64),
    decodeQkvCase(3, 2, 64, 6),
  ],
);
