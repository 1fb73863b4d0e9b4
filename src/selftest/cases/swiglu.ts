import * as reference from '../../kernels/swiglu/swiglu.reference';
import { normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchSwiglu } from '../launch/launch-linear';

export function swigluCase(rows: number, cols: number, scale = 1): KernelCase {
  const count = rows * cols;
  const args = { rows, cols, g: normals(count, 1, scale), u: normals(count, 2), dy: normals(count, 3) };
  return {
    name: `${rows} rows, ${cols} columns, times ${scale}`,
    launch: (bench) => launchSwiglu(bench, args),
    want: () => ({ y: reference.swigluForward(args), ...reference.swigluBackward(args) }),
  };
}
