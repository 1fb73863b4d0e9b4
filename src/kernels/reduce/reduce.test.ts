import { kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { add, addKernel, reduceColumns, reduceColumnsKernel, reducePartials, reducePartialsKernel } from './reduce';
import * as reference from './reduce.reference';

function partialsCase(size: number, splits: number): KernelCase {
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

function columnsCase(rows: number, cols: number): KernelCase {
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

function addCase(size: number): KernelCase {
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
