import * as reference from '../../kernels/rope/rope.reference';
import { normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchRope } from '../launch/launch-linear';

export function ropeCase(
  batch: number,
  heads: number,
  seqLen: number,
  headDim: number,
  offset = 0,
  scale = 1,
): KernelCase {
  const count = batch * heads * seqLen * headDim;
  const shape = { batch, heads, seqLen, headDim, offset, theta: 10000 };
  const args = { ...shape, x: normals(count, 1, scale), dy: normals(count, 2) };
  return {
    name: `${batch} x ${heads} heads of ${headDim}, ${seqLen} positions from ${offset}, times ${scale}`,
    launch: (bench) => launchRope(bench, args),
    want: () => ({ y: reference.ropeForward(args), dx: reference.ropeBackward(args) }),
  };
}
