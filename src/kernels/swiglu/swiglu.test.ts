import { kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernel-harness';
import { launchSwiglu } from '../../testing/launch';
import { swigluBackwardKernel, swigluForwardKernel } from './swiglu';
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
  [swigluForwardKernel, swigluBackwardKernel],
  [
    ...SIZES.flatMap((n) => [swigluCase(n, 3), swigluCase(2, n)]),
    swigluCase(3, 7, 0),
    swigluCase(3, 7, 30),
    swigluCase(3, 7, 1e4),
  ],
);
