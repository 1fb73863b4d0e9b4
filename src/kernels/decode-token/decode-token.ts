import source from '../../../shaders/decode_token.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import type { KernelSpec } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import type { TiledWeight } from '../linear/transpose';

/**
 * Said without `defineKernel`, whose checks the test makes: a part that is fetched by itself and imports nothing leaves the worker in
 * one piece.
 */
export const decodeTokenKernel = {
  name: 'decode_token',
  source,
  params: {
    ...{ rows: 'u32', layers: 'u32', width: 'u32', heads: 'u32', kvHeads: 'u32', vocab: 'u32', ld: 'u32' },
    ...{ positions: 'u32', layerWeights: 'u32', outWeights: 'u32', gateUpWeights: 'u32', downWeights: 'u32' },
    ...{ headWeights: 'u32', layerCache: 'u32', scale: 'f32', eps: 'f32' },
  },
  buffers: {
    ...{ embedding: 'read', weights: 'read', table: 'read', active: 'read', inputs: 'read', lengths: 'read' },
    ...{ cache: 'write', logits: 'write' },
  },
} as const satisfies KernelSpec;

/** How many rows a workgroup may take through all layers at once. */
export const ROWS_AT_ONCE = [1, 2] as const;

/** What launches so many: it comes after the page, to those who have a use for it. */
export interface AtOnce {
  readonly rows: (typeof ROWS_AT_ONCE)[number];
  readonly launch: typeof decodeToken;
}

/** As in decode_token.wgsl. */
const GROUP = 256;
const SLICES = 8;
/** What every device has of workgroup memory. */
const WORKGROUP_BYTES = 2 ** 14;

export interface DecodeTokenShape {
  vocab: number;
  width: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  rmsEps: number;
}

/** Every way to take rows of such a model at once. */
export function waysAtOnce(shape: DecodeTokenShape): AtOnce[] {
  return ROWS_AT_ONCE.filter((rows) => takesRows(shape, rows)).map((rows) => ({ rows, launch: decodeToken }));
}

/** Whether so many rows fit a workgroup, and the model's vectors are made of whole quads. */
export function takesRows({ width, heads, headDim, ffn }: DecodeTokenShape, rows: number): boolean {
  // Numbers, squares, parts of products; scores and their sums.
  const perRow = 2 * width + heads * headDim + ffn + SLICES + 4 * GROUP;
  const bytes = 4 * (rows * perRow + 2 * GROUP);
  return headDim % 8 === 0 && headDim <= 256 && width % 4 === 0 && ffn % 4 === 0 && bytes <= WORKGROUP_BYTES;
}

/**
 * logits (n,ld) of one new token per active row, and its keys and values into `cache` (L,B,T,2*KV*D): what the cooperative kernels of
 * embedding, products and attention give in 5 L + 2 dispatches, bit for bit.
 *
 * @param args.weights all that `transposeWeights` wrote, gains folded in; `matrices` are its parts: four a layer (q, k and v; output of
 * attention; gate and up; down), then the output matrix
 */
export function decodeToken(
  recorder: Recorder,
  shape: DecodeTokenShape,
  args: {
    embedding: Slice;
    weights: Slice;
    matrices: readonly TiledWeight[];
    table: Slice;
    /** The count in the first 256 bytes, then the rows. */
    active: Slice;
    inputs: Slice;
    lengths: Slice;
    cache: Slice;
    /** Numbers of the cache of one layer. */
    layerCache: number;
    logits: Slice;
    ld: number;
    positions: number;
    /** Most rows, and how many of them a workgroup takes. */
    rows: number;
    rowsAtOnce: number;
  },
): void {
  const { vocab, width, layers, heads, kvHeads, headDim, ffn, rmsEps } = shape;
  const { rows, rowsAtOnce, positions, ld, layerCache, matrices } = args;
  const { embedding, weights, table, active, inputs, lengths, cache, logits } = args;
  const quads = (a: number, b: number) => ((matrices[b]?.slice.offset ?? 0) - (matrices[a]?.slice.offset ?? 0)) / 16;
  const products = (heads + 2 * kvHeads) * headDim + heads * headDim + 3 * ffn;
  recorder.dispatch(decodeTokenKernel, {
    params: {
      ...{ rows, layers, width, heads, kvHeads, vocab, ld, positions, layerCache },
      ...{ layerWeights: quads(0, 4), outWeights: quads(0, 1), gateUpWeights: quads(0, 2), downWeights: quads(0, 3) },
      ...{ headWeights: quads(0, 4 * layers), scale: 1 / Math.sqrt(headDim), eps: rmsEps },
    },
    buffers: { embedding, weights, table, active, inputs, lengths, cache, logits },
    workgroups: [Math.ceil(rows / rowsAtOnce), 1, 1],
    constants: { ROWS: rowsAtOnce, WIDTH: width, ATTENDED: heads * headDim, FFN: ffn, HEAD_DIM: headDim },
    work: 2 * rows * (layers * (width * products + positions * heads * headDim) + width * vocab),
  });
}
