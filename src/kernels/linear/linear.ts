import decodeSource from '../../../shaders/decode_qkv.wgsl?raw';
import forwardSource from '../../../shaders/linear_forward.wgsl?raw';
import ropeSource from '../../../shaders/linear_rope.wgsl?raw';
import swigluSource from '../../../shaders/linear_swiglu.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { blockGrid } from '../grid';
import { cacheConstants } from '../attention/attention';
import type { TiledWeight } from './transpose';

export const linearForwardKernel = defineKernel({
  name: 'linear_forward',
  source: forwardSource,
  params: {
    rows: 'u32',
    inner: 'u32',
    outs: 'u32',
    ld: 'u32',
    tiles: 'u32',
    addResidual: 'u32',
    eps: 'f32',
    firstGroup: 'u32',
  },
  buffers: { a: 'read', b: 'read', residual: 'read', limit: 'read', y: 'write' },
});

export const linearRopeKernel = defineKernel({
  name: 'linear_rope',
  source: ropeSource,
  params: {
    rows: 'u32',
    inner: 'u32',
    ld: 'u32',
    tiles: 'u32',
    halfDim: 'u32',
    rotated: 'u32',
    eps: 'f32',
    firstGroup: 'u32',
  },
  buffers: { a: 'read', b: 'read', positions: 'read', table: 'read', y: 'write' },
});

export const linearSwigluKernel = defineKernel({
  name: 'linear_swiglu',
  source: swigluSource,
  params: { rows: 'u32', inner: 'u32', ffn: 'u32', tiles: 'u32', eps: 'f32', firstGroup: 'u32' },
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
    firstGroup: 'u32',
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

/** From so many rows on, cooperative tiles are higher: there are enough workgroups, and a weight is read less often. */
const MANY_ROWS = 512;

/** The constants that say which form of a tile a product takes, and the rows of such a tile: TILE_ROWS in the shaders. */
export function tileForm({ gpu: { variants } }: Recorder, rows: number, decoding = false) {
  if (variants.cooperative) {
    const high = rows < MANY_ROWS ? 4 : 8;
    return { high, constants: { COOPERATIVE: 1, SUBGROUPS: 0, BASE: 0, TILE_ROWS: high } };
  }
  const { givers } = variants;
  // A software adapter with quartets compiles one kernel after the other, and the first rollout waits for those of a token.
  const high = givers === 4 && decoding ? 8 : 16;
  const QUARTETS = givers === 4 ? 1 : 0;
  const sharing = { GIVERS: givers, SHARES: high / givers, TILE_ROWS: high, QUARTETS };
  return variants.subgroups
    ? { high, constants: { COOPERATIVE: 0, SUBGROUPS: 1, BASE: 0, ...sharing } }
    : { high: 8, constants: { COOPERATIVE: 0, SUBGROUPS: 0, BASE: 1, QUARTETS } };
}

/** Octets of a workgroup, 8 tiles of the same rows each: a cooperative one holds a single octet (tile_cooperative.wgsl). */
export function octetsPerGroup({ gpu: { variants } }: Recorder): number {
  return variants.cooperative ? 1 : 4;
}

/** What the launches of a product have in common: `octet_place` in tile.wgsl says which workgroup takes which octet. */
function tiling(recorder: Recorder, rows: number, tiles: number, decoding: boolean) {
  const { high, constants } = tileForm(recorder, rows, decoding);
  const octets = Math.ceil(rows / high) * Math.ceil(tiles / 8);
  return { constants, workgroups: blockGrid(Math.ceil(octets / octetsPerGroup(recorder))) };
}

function optional({ limit, normEps }: Product) {
  return { NORMALISE: normEps === undefined ? 0 : 1, LIMITED: limit === undefined ? 0 : 1 };
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
  const { constants, workgroups } = tiling(recorder, rows, weight.tiles, args.limit !== undefined);
  recorder.dispatch(linearForwardKernel, {
    params: { rows, inner, outs, ld, tiles: weight.tiles, addResidual: args.residual === undefined ? 0 : 1, eps },
    buffers: { a: x, b: weight.slice, residual, limit, y },
    workgroups,
    constants: { ...constants, ...optional(args), WHOLE: whole(outs, ld) },
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
  const { constants, workgroups } = tiling(recorder, rows, weight.tiles, false);
  recorder.dispatch(linearRopeKernel, {
    params: { rows, inner, ld, tiles: weight.tiles, halfDim: headDim / 2, rotated, eps: 0 },
    buffers: { a: x, b: weight.slice, positions: args.positions, table: args.table, y: args.y },
    workgroups,
    constants: { ...constants, NORMALISE: 0, WHOLE: whole(headDim / 2) },
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
  const { constants, workgroups } = tiling(recorder, rows, weight.tiles, args.limit !== undefined);
  recorder.dispatch(linearSwigluKernel, {
    params: { rows, inner, ffn, tiles: weight.tiles, eps },
    buffers: { a: x, b: weight.slice, limit, gateUp, hidden },
    workgroups,
    constants: { ...constants, ...optional(args), KEEP: args.keep ? 1 : 0, WHOLE: whole(ffn) },
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
  const { constants, workgroups } = tiling(recorder, rows, weight.tiles, true);
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
    workgroups,
    constants: {
      ...constants,
      ...cacheConstants(headDim / 2, args.halfCache ?? false),
      NORMALISE: 1,
      WHOLE: whole(headDim / 2),
    },
    work: 2 * rows * inner * (heads + 2 * kvHeads) * headDim,
  });
}
