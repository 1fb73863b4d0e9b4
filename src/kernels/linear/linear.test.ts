import { kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernel-harness';
import { launchLinear } from '../../testing/launch';
import {
  linearBackwardInputKernel,
  linearBackwardWeightKernel,
  linearForwardKernel,
  matmulStridedKernel,
} from './linear';
import * as reference from './linear.reference';

function linearArgs(rows: number, inFeatures: number, outFeatures: number, scale = 1) {
  return {
    rows,
    inFeatures,
    outFeatures,
    x: normals(rows * inFeatures, 1, scale),
    w: normals(outFeatures * inFeatures, 2),
    dY: normals(rows * outFeatures, 3),
  };
}

function linearCase(rows: number, inFeatures: number, outFeatures: number, scale = 1): KernelCase {
  const args = linearArgs(rows, inFeatures, outFeatures, scale);
  return {
    name: `${rows} rows, ${inFeatures} in, ${outFeatures} out${scale === 1 ? '' : `, times ${scale}`}`,
    launch: (bench) => launchLinear(bench, args),
    want: () => ({ y: reference.linearForward(args), ...reference.linearBackward(args) }),
  };
}

/** y = x W^T + residual, as the residual stream of the model adds. */
function residualCase(rows: number, inFeatures: number, outFeatures: number): KernelCase {
  const plain = linearCase(rows, inFeatures, outFeatures);
  const residual = normals(rows * outFeatures, 4);
  return {
    name: `${plain.name}, with a residual`,
    launch: (bench) => launchLinear(bench, { ...linearArgs(rows, inFeatures, outFeatures), residual }),
    want: () => {
      const { y, ...gradients } = plain.want();
      return { y: residual.map((r, i) => r + y![i]!), ...gradients };
    },
  };
}

kernelTests(
  'linear',
  [linearForwardKernel, linearBackwardInputKernel, linearBackwardWeightKernel, matmulStridedKernel],
  [
    // Input widths that are multiples of 4 take the register-tiled kernels, the others matmul_strided.
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
  ],
);
