import * as reference from '../../kernels/reduce/reduce.reference';
import { add, reduceColumns, reducePartials } from '../../kernels/reduce/reduce';
import { normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';

export function partialsCase(size: number, splits: number): KernelCase {
  const args = { size, splits, partials: normals(size * splits, 1), y: normals(size, 2) };
  return {
    name: `${splits} partial sums of ${size}`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const y = scope.floats('y', args.y);
        const partials = scope.floats('partials', args.partials).slice;
        reducePartials(scope.recorder, { partials, y: y.slice, size, splits });
        return { y: await scope.readFloats(y) };
      }),
    want: () => ({ y: reference.reducePartials(args) }),
  };
}

export function columnsCase(rows: number, cols: number): KernelCase {
  const args = { rows, cols, x: normals(rows * cols, 1), y: normals(cols, 2) };
  return {
    name: `${cols} columns of ${rows} rows`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const y = scope.floats('y', args.y);
        reduceColumns(scope.recorder, { x: scope.floats('x', args.x).slice, y: y.slice, rows, cols });
        return { y: await scope.readFloats(y) };
      }),
    want: () => ({ y: reference.reduceColumns(args) }),
  };
}

export function addCase(size: number): KernelCase {
  const args = { x: normals(size, 1), y: normals(size, 2) };
  return {
    name: `add ${size}`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const y = scope.floats('y', args.y);
        add(scope.recorder, { x: scope.floats('x', args.x).slice, y: y.slice, size });
        return { y: await scope.readFloats(y) };
      }),
    want: () => ({ y: reference.add(args) }),
  };
}
