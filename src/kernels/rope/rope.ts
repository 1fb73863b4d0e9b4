import cacheSource from '../../../shaders/rope_cache.wgsl?raw';
import ropeSource from '../../../shaders/rope.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid, type Groups } from '../grid';

export const ropeKernel = defineKernel({
  name: 'rope',
  source: ropeSource,
  params: { rows: 'u32', ld: 'u32', heads: 'u32', halfDim: 'u32', direction: 'f32' },
  buffers: { positions: 'read', table: 'read', x: 'write' },
});

export const ropeCacheKernel = defineKernel({
  name: 'rope_cache',
  source: cacheSource,
  params: { rows: 'u32', ld: 'u32', heads: 'u32', kvHeads: 'u32', halfDim: 'u32', positions: 'u32' },
  buffers: {
    activeRows: 'read',
    lengths: 'read',
    table: 'read',
    activeCount: 'read',
    qkv: 'write',
    cache: 'write',
  },
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

/** Rotates new queries in place and writes rotated keys and values into the cache; one workgroup an active row. */
export function ropeCache(
  recorder: Recorder,
  args: {
    activeRows: Slice;
    activeCount: Slice;
    lengths: Slice;
    table: Slice;
    qkv: Slice;
    cache: Slice;
    rows: number;
    ld: number;
    heads: number;
    kvHeads: number;
    headDim: number;
    positions: number;
    groups: Groups;
  },
): void {
  recorder.dispatch(ropeCacheKernel, {
    params: {
      rows: args.rows,
      ld: args.ld,
      heads: args.heads,
      kvHeads: args.kvHeads,
      halfDim: args.headDim / 2,
      positions: args.positions,
    },
    buffers: {
      activeRows: args.activeRows,
      lengths: args.lengths,
      table: args.table,
      activeCount: args.activeCount,
      qkv: args.qkv,
      cache: args.cache,
    },
    workgroups: args.groups,
    work: 8 * args.rows * args.ld,
  });
}
