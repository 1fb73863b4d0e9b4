import source from '../../../shaders/transpose_weights.wgsl?raw';
import { subSlice, type Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { blockGrid } from '../grid';

export const transposeWeightsKernel = defineKernel({
  name: 'transpose_weights',
  source,
  params: { blocks: 'u32', fold: 'u32', firstGroup: 'u32' },
  buffers: { arena: 'read', plan: 'read', out: 'write' },
  costPerOperation: 4,
});

/** W^T of one matrix in tiles of 8 columns: (inner, 8 * tiles) floats. */
export interface TiledWeight {
  slice: Slice;
  tiles: number;
}

/** A matrix W (outs, inner) at float `offset` of an arena. */
export interface MatrixSource {
  offset: number;
  outs: number;
  inner: number;
  /** Columns that share a tile lie this far apart: 4 keeps the order, D/2 pairs RoPE's coordinates, F gate and up. */
  half: number;
  /** Where the gain (inner) of the norm in front of it stands. */
  gain?: number;
}

/** What `transposeWeights` needs to know of the matrices, and where each goes. */
export interface TransposePlan {
  /** For each block of 64 quads its matrix, then 8 words a matrix: source, first quad, outs, inner, half, tiles, gain + 1, 0. */
  words: Uint32Array<ArrayBuffer>;
  blocks: number;
  /** In floats of the output. */
  matrices: readonly { offset: number; size: number; tiles: number }[];
}

const BLOCK_QUADS = 64;
const RECORD_WORDS = 8;

/** Columns of a matrix in tiles: each group of 2 * half outputs takes ceil(half / 4) tiles. */
export function tileCount(outs: number, half: number): number {
  return Math.ceil(outs / (2 * half)) * Math.ceil(half / 4);
}

export function planTranspose(sources: readonly MatrixSource[]): TransposePlan {
  const owners: number[] = [];
  const records: number[] = [];
  const matrices = sources.map(({ offset, outs, inner, half, gain }, matrix) => {
    const tiles = tileCount(outs, half);
    const first = owners.length * BLOCK_QUADS;
    const blocks = Math.ceil((inner * tiles * 2) / BLOCK_QUADS);
    for (let block = 0; block < blocks; block++) owners.push(matrix);
    records.push(offset, first, outs, inner, half, tiles, gain === undefined ? 0 : gain + 1, 0);
    return { offset: first * 4, size: blocks * BLOCK_QUADS * 4, tiles };
  });
  if (records.length !== sources.length * RECORD_WORDS) throw new RangeError('a record of the plan has another length');
  return { words: Uint32Array.from([...owners, ...records]), blocks: owners.length, matrices };
}

/** Floats that `transposeWeights` writes. */
export function transposedSize({ blocks }: TransposePlan): number {
  return blocks * BLOCK_QUADS * 4;
}

/** The matrices of an arena that the plan wrote. */
export function tiledWeights(out: Slice, { matrices }: TransposePlan): TiledWeight[] {
  return matrices.map(({ offset, size, tiles }) => ({ slice: subSlice(out, offset * 4, size * 4), tiles }));
}

/**
 * out = every matrix of the plan, transposed and in tiles; overwrites out.
 *
 * @param args.plan the plan's words in a buffer
 * @param args.fold multiplies each input's weights by the gain of the norm in front, so that the norm needs none
 */
export function transposeWeights(
  recorder: Recorder,
  args: { arena: Slice; plan: Slice; out: Slice; blocks: number; fold: boolean },
): void {
  recorder.dispatch(transposeWeightsKernel, {
    params: { blocks: args.blocks, fold: args.fold ? 1 : 0 },
    buffers: { arena: args.arena, plan: args.plan, out: args.out },
    workgroups: blockGrid(args.blocks),
    work: 64 * 40 * args.blocks,
  });
}
