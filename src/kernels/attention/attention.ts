import keyValueSource from '../../../shaders/attention_backward_key_value.wgsl?raw';
import keyValueCooperativeSource from '../../../shaders/attention_backward_key_value_cooperative.wgsl?raw';
import querySource from '../../../shaders/attention_backward_query.wgsl?raw';
import queryCooperativeSource from '../../../shaders/attention_backward_query_cooperative.wgsl?raw';
import decodeSource from '../../../shaders/attention_decode.wgsl?raw';
import decodeCooperativeSource from '../../../shaders/attention_decode_cooperative.wgsl?raw';
import forwardSource from '../../../shaders/attention_forward.wgsl?raw';
import forwardCooperativeSource from '../../../shaders/attention_forward_cooperative.wgsl?raw';
import weightsSource from '../../../shaders/attention_weights.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { rope } from '../rope/rope';

const SHAPE = { ld: 'u32', heads: 'u32', kvHeads: 'u32', scale: 'f32', headDim: 'u32', firstGroup: 'u32' } as const;

export const attentionForwardKernel = defineKernel({
  name: 'attention_forward',
  source: forwardSource,
  params: SHAPE,
  buffers: { items: 'read', qkv: 'read', out: 'write', logsumexp: 'write' },
});

export const attentionBackwardQueryKernel = defineKernel({
  name: 'attention_backward_query',
  source: querySource,
  params: SHAPE,
  buffers: {
    items: 'read',
    qkv: 'read',
    out: 'read',
    logsumexp: 'read',
    dout: 'read',
    table: 'read',
    dqkv: 'write',
    delta: 'write',
  },
});

export const attentionBackwardKeyValueKernel = defineKernel({
  name: 'attention_backward_key_value',
  source: keyValueSource,
  params: SHAPE,
  buffers: {
    items: 'read',
    qkv: 'read',
    logsumexp: 'read',
    dout: 'read',
    delta: 'read',
    table: 'read',
    dqkv: 'write',
  },
});

/** The same for GPUs: `cooperative` of the device's variants. */
export const attentionForwardCooperativeKernel = defineKernel({
  ...attentionForwardKernel,
  name: 'attention_forward_cooperative',
  source: forwardCooperativeSource,
});

export const attentionBackwardQueryCooperativeKernel = defineKernel({
  ...attentionBackwardQueryKernel,
  name: 'attention_backward_query_cooperative',
  source: queryCooperativeSource,
});

export const attentionBackwardKeyValueCooperativeKernel = defineKernel({
  ...attentionBackwardKeyValueKernel,
  name: 'attention_backward_key_value_cooperative',
  source: keyValueCooperativeSource,
});

export const attentionDecodeKernel = defineKernel({
  name: 'attention_decode',
  source: decodeSource,
  params: {
    rows: 'u32',
    heads: 'u32',
    kvHeads: 'u32',
    positions: 'u32',
    scale: 'f32',
    headDim: 'u32',
    firstGroup: 'u32',
  },
  buffers: { active: 'read', lengths: 'read', q: 'read', cache: 'read', out: 'write' },
  costPerOperation: 5,
});

export const attentionDecodeCooperativeKernel = defineKernel({
  ...attentionDecodeKernel,
  name: 'attention_decode_cooperative',
  source: decodeCooperativeSource,
});

export const attentionWeightsKernel = defineKernel({
  name: 'attention_weights',
  source: weightsSource,
  params: {
    ...{ ld: 'u32', heads: 'u32', kvHeads: 'u32', row: 'u32', first: 'u32', keys: 'u32' },
    ...{ scale: 'f32', headDim: 'u32' },
  },
  buffers: { qkv: 'read', logsumexp: 'read', weights: 'write' },
});

/** Queries (or keys) of one workgroup. */
export const ATTENTION_BLOCK = 32;
/** Heads of one workgroup. */
const HEADS_PER_GROUP = 4;
/**
 * Wide and odd heads take one query (or key) an invocation instead of four: with four, their unrolled loops keep a software
 * adapter's compiler busy for minutes.
 */
const WIDEST_SHARED_HEAD = 32;

/** WHOLE: the head's vector is made of whole quads. */
function headConstants(headDim: number) {
  return { HEAD_DIM: headDim, WHOLE: headDim % 4 === 0 ? 1 : 0 };
}

/** UNROLLED: quads whose loops are written out, or 0 for wide and odd heads. */
function unrolledQuads(headDim: number) {
  return { UNROLLED: headDim <= WIDEST_SHARED_HEAD && headDim % 4 === 0 ? headDim / 4 : 0 };
}

/**
 * How the key/value cache is stored: quads of 32-bit floats, quads of 16-bit floats, or number by number where a kernel's
 * vectors are no whole quads (those are never halved).
 *
 * @param length of the vectors that the kernel handles: a head for attention, half of one for what RoPE stores
 */
export function cacheConstants(length: number, half: boolean) {
  const whole = length % 4 === 0;
  return { WHOLE_CACHE: whole && !half ? 1 : 0, HALF_CACHE: whole && half ? 1 : 0, ODD_CACHE: whole ? 0 : 1 };
}

/** The constants of the training kernels: LANES invocations share the ATTENTION_BLOCK rows of a workgroup. */
function blockConstants({ gpu }: Recorder, headDim: number) {
  const shared = headDim <= WIDEST_SHARED_HEAD && headDim % 4 === 0;
  return {
    ...headConstants(headDim),
    ...unrolledQuads(headDim),
    SHARED: shared ? 1 : 0,
    LANES: shared ? ATTENTION_BLOCK / 4 : ATTENTION_BLOCK,
    ...(shared && gpu.variants.subgroups ? sharingConstants(gpu.variants.givers, headDim) : { SUBGROUPS: 0 }),
  };
}

/** GIVERS neighbours load a SLOTS-th of two vectors each (octet.wgsl). */
function sharingConstants(givers: number, headDim: number) {
  return {
    SUBGROUPS: 1,
    GIVERS: givers,
    SLOTS: Math.ceil(headDim / 2 / givers),
    QUARTETS: givers === 4 ? 1 : 0,
  };
}

/** Invocations of a cooperative workgroup: one a quad of a row (attention_cells.wgsl). */
const CELLS = 64;

/** ROWS of a cooperative workgroup, and the BLOCK of rows of the other side that 16 kB of workgroup memory hold scores of. */
function cellConstants(headDim: number) {
  const fitting = Math.floor(CELLS / Math.ceil(headDim / 4));
  const rows = Math.min(ATTENTION_BLOCK, 2 ** Math.floor(Math.log2(fitting)));
  return { ...headConstants(headDim), ROWS: rows, BLOCK: rows > 16 ? 32 : 64 };
}

/** Which of the two forms of the training kernels runs, its constants and its workgroups for `heads` heads of every item. */
function form(recorder: Recorder, { headDim, itemCount }: AttentionShape, heads: number) {
  // Vectors of more quads than a workgroup has invocations are left to the base path.
  const cooperative = recorder.gpu.variants.cooperative && headDim <= 4 * CELLS;
  const constants = cooperative ? cellConstants(headDim) : blockConstants(recorder, headDim);
  const along = 'ROWS' in constants ? heads * (ATTENTION_BLOCK / constants.ROWS) : Math.ceil(heads / HEADS_PER_GROUP);
  const workgroups: [number, number, number] = [itemCount, along, 1];
  return { cooperative, constants, workgroups };
}

/**
 * Splits packed sequences into workgroup items (first row, length, first position of the block, 0).
 *
 * @param lengths tokens of each sequence, in the order they lie in memory
 */
export function attentionItems(lengths: readonly number[]): Uint32Array<ArrayBuffer> {
  const items: number[] = [];
  let first = 0;
  for (const length of lengths) {
    for (let block = 0; block < length; block += ATTENTION_BLOCK) items.push(first, length, block, 0);
    first += length;
  }
  return Uint32Array.from(items);
}

export interface AttentionShape {
  /** Row stride of qkv: (heads + 2 kvHeads) * headDim. */
  ld: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Workgroup items along x. */
  itemCount: number;
  /** Sum over sequences of length^2, for the work estimate. */
  squares: number;
}

/** out (N,H*D), logsumexp (N,H) from qkv (N,ld); overwrites both. */
export function attentionForward(
  recorder: Recorder,
  args: AttentionShape & { items: Slice; qkv: Slice; out: Slice; logsumexp: Slice },
): void {
  const { ld, heads, kvHeads, headDim } = args;
  const { cooperative, constants, workgroups } = form(recorder, args, heads);
  recorder.dispatch(cooperative ? attentionForwardCooperativeKernel : attentionForwardKernel, {
    params: { ld, heads, kvHeads, scale: 1 / Math.sqrt(headDim), headDim },
    buffers: { items: args.items, qkv: args.qkv, out: args.out, logsumexp: args.logsumexp },
    workgroups,
    constants,
    work: 4 * args.squares * heads * headDim,
  });
}

/**
 * dqkv (N,ld) overwritten from dout (N,H*D); delta (N,H) is scratch.
 *
 * @param args.rotation where q and k had been turned by RoPE: their gradients are turned back
 */
export function attentionBackward(
  recorder: Recorder,
  args: AttentionShape & {
    items: Slice;
    qkv: Slice;
    out: Slice;
    logsumexp: Slice;
    dout: Slice;
    dqkv: Slice;
    delta: Slice;
    rotation?: { table: Slice; positions: Slice; rows: number };
  },
): void {
  const { ld, heads, kvHeads, headDim, items, qkv, logsumexp, dout, dqkv, delta, rotation } = args;
  const params = { ld, heads, kvHeads, scale: 1 / Math.sqrt(headDim), headDim };
  // The kernels turn pairs of quads; heads of other widths take a pass of their own.
  const fused = rotation !== undefined && headDim % 8 === 0;
  const ROTATE = fused ? 1 : 0;
  const table = rotation?.table ?? qkv;
  const queries = form(recorder, args, heads);
  recorder.dispatch(queries.cooperative ? attentionBackwardQueryCooperativeKernel : attentionBackwardQueryKernel, {
    params,
    buffers: { items, qkv, out: args.out, logsumexp, dout, table, dqkv, delta },
    workgroups: queries.workgroups,
    constants: { ...queries.constants, ROTATE },
    work: 6 * args.squares * heads * headDim,
  });
  const keys = form(recorder, args, kvHeads);
  recorder.dispatch(keys.cooperative ? attentionBackwardKeyValueCooperativeKernel : attentionBackwardKeyValueKernel, {
    params,
    buffers: { items, qkv, logsumexp, dout, delta, table, dqkv },
    workgroups: keys.workgroups,
    constants: { ...keys.constants, ROTATE },
    work: 8 * args.squares * heads * headDim,
  });
  if (rotation !== undefined && !fused) {
    rope(recorder, { ...rotation, x: dqkv, ld, heads: heads + kvHeads, headDim, direction: -1 });
  }
}

/** out (N,H*D) of one new token per active row, whose queries are q (N,H*D), against its cache (B,T,2*KV*D). */
export function attentionDecode(
  recorder: Recorder,
  args: {
    /** The count in the first 256 bytes, then the rows. */
    active: Slice;
    lengths: Slice;
    q: Slice;
    cache: Slice;
    out: Slice;
    rows: number;
    heads: number;
    kvHeads: number;
    headDim: number;
    positions: number;
    /** The cache holds 16-bit floats (`cacheConstants`). */
    halfCache?: boolean;
  },
): void {
  const { rows, heads, kvHeads, headDim, positions } = args;
  const cooperative = recorder.gpu.variants.cooperative && headDim <= 4 * CELLS;
  recorder.dispatch(cooperative ? attentionDecodeCooperativeKernel : attentionDecodeKernel, {
    params: { rows, heads, kvHeads, positions, scale: 1 / Math.sqrt(headDim), headDim },
    buffers: { active: args.active, lengths: args.lengths, q: args.q, cache: args.cache, out: args.out },
    workgroups: cooperative ? [rows, heads, 1] : [Math.ceil(rows / 8), Math.ceil(heads / HEADS_PER_GROUP), 1],
    constants: {
      ...headConstants(headDim),
      ...cacheConstants(headDim, args.halfCache ?? false),
      ...(cooperative ? {} : unrolledQuads(headDim)),
    },
    work: 2 * rows * positions * heads * headDim,
  });
}

/** weights (H,keys) of the query at `row` over the rows from `first` to it, from what `attentionForward` read and left; overwritten. */
export function attentionWeights(
  recorder: Recorder,
  args: Pick<AttentionShape, 'ld' | 'heads' | 'kvHeads' | 'headDim'> & {
    qkv: Slice;
    logsumexp: Slice;
    weights: Slice;
    row: number;
    first: number;
  },
): void {
  const { ld, heads, kvHeads, headDim, row, first } = args;
  const keys = row - first + 1;
  recorder.dispatch(attentionWeightsKernel, {
    params: { ld, heads, kvHeads, row, first, keys, scale: 1 / Math.sqrt(headDim), headDim },
    buffers: { qkv: args.qkv, logsumexp: args.logsumexp, weights: args.weights },
    workgroups: [Math.ceil(keys / 64), heads, 1],
    work: 2 * keys * heads * headDim,
  });
}
