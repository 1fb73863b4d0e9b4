import ropeSource from '../../../shaders/rope.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid } from '../grid';

export const ropeKernel = defineKernel({
  name: 'rope',
  source: ropeSource,
  params: { rows: 'u32', ld: 'u32', heads: 'u32', halfDim: 'u32', direction: 'f32' },
  buffers: { positions: 'read', table: 'read', x: 'write' },
});

/** (T,D/2) pairs (cos, sin) of position * theta^(-2j/D), computed in double precision. */
export function ropeTable(positions: number, headDim: number, theta: number): Float32Array<ArrayBuffer> {
  const half = headDim / 2;
  const table = new Float32Array(Math.max(1, positions * half * 2));
  for (let t = 0; t < positions; t++) {
    for (let j = 0; j < half; j++) {
      const angle = t * Math.pow(theta, (-2 * j) / headDim);
      table[(t * half + j) * 2] = Math.cos(angle);
      table[(t * half + j) * 2 + 1] = Math.sin(angle);
    }
  }
  return table;
}

/** Rotates the first `heads` heads of each row of x (N,ld) in place; direction 1 forward, -1 for gradients. */
export function rope(
  recorder: Recorder,
  args: {
    x: Slice;
    positions: Slice;
    table: Slice;
    rows: number;
    ld: number;
    heads: number;
    headDim: number;
    direction: 1 | -1;
  },
): void {
  const halfDim = args.headDim / 2;
  const elements = args.rows * args.heads * halfDim;
  recorder.dispatch(ropeKernel, {
    params: { rows: args.rows, ld: args.ld, heads: args.heads, halfDim, direction: args.direction },
    buffers: { positions: args.positions, table: args.table, x: args.x },
    workgroups: elementGrid(elements),
    work: 12 * elements,
  });
}
