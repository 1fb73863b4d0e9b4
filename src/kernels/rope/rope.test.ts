import { kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { launchRope } from '../../testing/kernels/launch-linear';
import { linearRopeKernel } from '../linear/linear';
import { ropeKernel } from './rope';
import * as reference from './rope.reference';

function ropeCase(batch: number, heads: number, seqLen: number, headDim: number, offset = 0, scale = 1): KernelCase {
  const count = batch * heads * seqLen * headDim;
  const shape = { batch, heads, seqLen, headDim, offset, theta: 10000 };
  const args = { ...shape, x: normals(count, 1, scale), dy: normals(count, 2) };
  return {
    name: `${batch} x ${heads} heads of ${headDim}, ${seqLen} positions from ${offset}, times ${scale}`,
    launch: (bench) => launchRope(bench, args),
    want: () => ({ y: reference.ropeForward(args), dx: reference.ropeBackward(args) }),
  };
}

kernelTests(
  'rope',
  [ropeKernel, linearRopeKernel],
  [
    ...SIZES.map((n) => ropeCase(1, 1, n, 2)),
    ...SIZES.map((n) => ropeCase(n, 2, 1, 4, 3)),
    ...[2, 6, 16, 64, 130].map((d) => ropeCase(2, 3, 3, d, 7)),
    ropeCase(1, 2, 3, 8, 0, 0),
    ropeCase(1, 2, 3, 8, 0, 1e4),
  ],
);
