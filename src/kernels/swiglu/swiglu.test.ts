import { kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { launchSwiglu } from '../../testing/kernels/launch-linear';
import { linearSwigluKernel } from '../linear/linear';
import { linearBackwardKernel } from '../linear/linear-backward';
import { swigluBackwardKernel } from './swiglu';
import * as reference from './swiglu.reference';

function swigluCase(rows: number, cols: number, scale = 1): KernelCase {
  const count = rows * cols;
  const args = { rows, cols, g: normals(count, 1, scale), u: normals(count, 2), dy: normals(count, 3) };
  return {
    name: `${rows} rows, ${cols} columns, times ${scale}`,
    launch: (bench) => launchSwiglu(bench, args),
    want: () => ({ y: reference.swigluForward(args), ...reference.swigluBackward(args) }),
  };
}

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
