import * as reference from '../../kernels/rmsnorm/rmsnorm.reference';
import { normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchRmsnorm } from '../launch/launch';

export function normCase(rows: number, cols: number, scale = 1): KernelCase {
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
