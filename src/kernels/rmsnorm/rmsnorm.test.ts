import { kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { launchRmsnorm } from '../../testing/kernels/launch';
import { rmsnormBackwardKernel, rmsnormForwardKernel } from './rmsnorm';
import * as reference from './rmsnorm.reference';

function normCase(rows: number, cols: number, scale = 1): KernelCase {
  const args = {
    rows,
    cols,
    eps: 1e-5,
    x: normals(rows * cols, 1, scale),
    w: normals(cols, 2),
    dy: normals(rows * cols, 3),
  };
  return {
    name: `${rows} rows, ${cols} columns, times ${scale}`,
    launch: (bench) => launchRmsnorm(bench, args),
    want: () => ({ ...reference.rmsnormForward(args), ...reference.rmsnormBackward(args) }),
  };
}

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
