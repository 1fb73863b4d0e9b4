import decodeSource from '../../../shaders/decode_qkv.wgsl?raw';
import forwardSource from '../../../shaders/linear_forward.wgsl?raw';
import ropeSource from '../../../shaders/linear_rope.wgsl?raw';
import swigluSource from '../../../shaders/linear_swiglu.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { cacheConstants } from '../attention/attention';
import type { TiledWeight } from './transpose';

export const linearForwardKernel = defineKernel({
  name: 'linear_forward',
  source: forwardSource,
  params: { rows: 'u32', inner: 'u32', outs: 'u32', ld: 'u32', tiles: 'u32', addResidual: 'u32', eps: 'f32' },
  buffers: { a: 'read', b: 'read', residual: 'read', limit: 'read', y: 'write' },
});

export const linearRopeKernel = defineKernel({
  name: 'linear_rope',
  source: ropeSource,
  params: { rows: 'u32', inner: 'u32', ld: 'u32', tiles: 'u32', halfDim: 'u32', rotated: 'u32' },
  buffers: { a: 'read', b: 'read', positions: 'read', table: 'read', y: 'write' },
});

export const linearSwigluKernel = defineKernel({
  name: 'linear_swiglu',
  source: swigluSource,
  params: { rows: 'u32', inner: 'u32', ffn: 'u32', tiles: 'u32', eps: 'f32' },
  buffers: { a: 'read', b: 'read', limit: 'read', gateUp: 'write', hidden: 'write' },
});

export const decodeQkvKernel = defineKernel({
  name: 'decode_qkv',
  source: decodeSource,
  params: {
    rows: 'u32',
    inner: 'u32',
    tiles: 'u32',
    halfDim: 'u32',
    heads: 'u32',
    kvHeads: 'u32',
    positions: 'u32',
    eps: 'f32',
  },
  buffers: { a: 'read', b: 'read', active: 'read', lengths: 'read', table: 'read', q: 'write', cache: 'write' },
});

/** What the forward kernels have in common: x (N,inner) times the transpose of a weight (outs,inner). */
interface Product {
  x: Slice;
  weight: TiledWeight;
  rows: number;
  inner: number;
  /** Where the GPU alone knows how many of the rows count: their number in its first word. */
  limit?: Slice;
  /** RMSNorm of x first, with this epsilon; its gain must be folded into the weight. */
  normEps?: number;
}

/** Rows of a tile: TILE_ROWS in tile.wgsl. */
export function tileRows({ gpu }: Recorder): number {
  return gpu.variants.subgroups ? 16 : 8;
}

/** Workgroups of four octets; an octet is 8 tiles of the same rows (octet_place in tile.wgsl). */
function tileGrid(recorder: Recorder, rows: number, tiles: number): [number, number, number] {
  return [Math.ceil((Math.ceil(rows / tileRows(recorder)) * Math.ceil(tiles / 8)) / 4), 1, 1];
}

function variant({ gpu }: Recorder, { limit, normEps }: Product) {
  return {
    NORMALISE: normEps === undefined ? 0 : 1,
    LIMITED: limit === undefined ? 0 : 1,
    SUBGROUPS: gpu.variants.subgroups ? 1 : 0,
  };
}

/** Whether every quad of a row is filled, so that stores need no checks. */
function whole(...columns: readonly number[]): number {
  return columns.every((count) => count % 4 === 0) ? 1 : 0;
}

/** y = x W^T, plus `residual` (N,ld) where given; overwrites the first `outs` columns of y (N,ld). */
export function linearForward(
  recorder: Recorder,
  args: Product & { y: Slice; residual?: Slice; outs: number; ld: number },
): void {
  const { x, weight, rows, inner, outs, ld, y } = args;
  const { residual = x, limit = x, normEps: eps = 0 } = args;
  recorder.dispatch(linearForwardKernel, {
    params: { rows, inner, outs, ld, tiles: weight.tiles, addResidual: args.residual === undefined ? 0 : 1, eps },
    buffers: { a: x, b: weight.slice, residual, limit, y },
    workgroups: tileGrid(recorder, rows, weight.tiles),
    constants: { ...variant(recorder, args), WHOLE: whole(outs, ld) },
    work: 2 * rows * inner * outs,
  });
}

/**
 * y = x W^T with the first `rotated` heads of each row turned by RoPE; overwrites y (N,ld). The weight's tiles pair headDim / 2.
 *
 * @param args.table from `ropeTable`
 */
export function linearRope(
  recorder: Recorder,
  args: Omit<Product, 'limit' | 'normEps'> & {
    y: Slice;
    positions: Slice;
    table: Slice;
    ld: number;
    headDim: number;
    rotated: number;
  },
): void {
  const { x, weight, rows, inner, ld, headDim, rotated } = args;
  recorder.dispatch(linearRopeKernel, {
    params: { rows, inner, ld, tiles: weight.tiles, halfDim: headDim / 2, rotated },
    buffers: { a: x, b: weight.slice, positions: args.positions, table: args.table, y: args.y },
    workgroups: tileGrid(recorder, rows, weight.tiles),
    constants: { NORMALISE: 0, WHOLE: whole(headDim / 2), SUBGROUPS: recorder.gpu.variants.subgroups ? 1 : 0 },
    work: 2 * rows * inner * ld,
  });
}

/** hidden (N,F) = silu(gate) * up; gateUp (N,2F) is saved where `keep` says so, else left alone. Tiles pair F. */
export function linearSwiglu(
  recorder: Recorder,
  args: Product & { gateUp: Slice; hidden: Slice; ffn: number; keep: boolean },
): void {
  const { x, weight, rows, inner, ffn, gateUp, hidden } = args;
  const { limit = x, normEps: eps = 0 } = args;
  recorder.dispatch(linearSwigluKernel, {
    params: { rows, inner, ffn, tiles: weight.tiles, eps },
    buffers: { a: x, b: weight.slice, limit, gateUp, hidden },
    workgroups: tileGrid(recorder, rows, weight.tiles),
    constants: { ...variant(recorder, args), KEEP: args.keep ? 1 : 0, WHOLE: whole(ffn) },
    work: 2 * rows * inner * 2 * ffn,
  });
}

/** q (N,H*D) of one new token per active row, and its k and v into the cache (B,T,2*KV*D). Tiles pair headDim / 2. */
export function decodeQkv(
  recorder: Recorder,
  args: {
    x: Slice;
    weight: TiledWeight;
    /** The count in the first 256 bytes, then the rows. */
    active: Slice;
    lengths: Slice;
    table: Slice;
    q: Slice;
    cache: Slice;
    rows: number;
    inner: number;
    heads: number;
    kvHeads: number;
    headDim: number;
    positions: number;
    normEps: number;
    /** Stores 16-bit floats, for heads whose half is a multiple of 4. */
    halfCache?: boolean;
  },
): void {
  const { weight, rows, inner, heads, kvHeads, headDim, positions, normEps } = args;
  recorder.dispatch(decodeQkvKernel, {
    params: { rows, inner, tiles: weight.tiles, halfDim: headDim / 2, heads, kvHeads, positions, eps: normEps },
    buffers: {
      a: args.x,
      b: weight.slice,
      active: args.active,
      lengths: args.lengths,
      table: args.table,
      q: args.q,
      cache: args.cache,
    },
    workgroups: tileGrid(recorder, rows, weight.tiles),
    constants: {
      NORMALISE: 1,
      ...cacheConstants(headDim / 2, args.halfCache ?? false),
      WHOLE: whole(headDim / 2),
      SUBGROUPS: recorder.gpu.variants.subgroups ? 1 : 0,
    },
    work: 2 * rows * inner * (heads + 2 * kvHeads) * headDim,
  });
}
