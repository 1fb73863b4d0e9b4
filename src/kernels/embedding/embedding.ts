import backwardSource from '../../../shaders/embedding_backward.wgsl?raw';
import forwardSource from '../../../shaders/embedding_forward.wgsl?raw';
import scatterSource from '../../../shaders/scatter_rows.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { blockGrid, elementGrid } from '../grid';

export const embeddingForwardKernel = defineKernel({
  name: 'embedding_forward',
  source: forwardSource,
  params: { rows: 'u32', cols: 'u32', firstGroup: 'u32' },
  buffers: { table: 'read', index: 'read', y: 'write' },
  costPerOperation: 20,
});

export const embeddingBackwardKernel = defineKernel({
  name: 'embedding_backward',
  source: backwardSource,
  params: { vocab: 'u32', cols: 'u32', firstGroup: 'u32' },
  buffers: { dy: 'read', offsets: 'read', rowsOf: 'read', dTable: 'write' },
  costPerOperation: 12,
});

export const scatterRowsKernel = defineKernel({
  name: 'scatter_rows',
  source: scatterSource,
  params: { rows: 'u32', cols: 'u32', firstGroup: 'u32' },
  buffers: { x: 'read', index: 'read', y: 'write' },
  costPerOperation: 15,
});

/** y (N,C) = table (V,C)[index (N)]; overwrites y. */
export function embeddingForward(
  recorder: Recorder,
  args: { table: Slice; index: Slice; y: Slice; rows: number; cols: number },
): void {
  const { rows, cols } = args;
  recorder.dispatch(embeddingForwardKernel, {
    params: { rows, cols },
    buffers: { table: args.table, index: args.index, y: args.y },
    workgroups: elementGrid(rows * cols),
    work: 4 * rows * cols,
  });
}

/** dTable (V,C) += gather of dy (N,C); offsets (V+1) and rowsOf (N) list the rows of each entry in ascending order. */
export function embeddingBackward(
  recorder: Recorder,
  args: { dy: Slice; offsets: Slice; rowsOf: Slice; dTable: Slice; rows: number; vocab: number; cols: number },
): void {
  const { vocab, cols } = args;
  const { cooperative } = recorder.gpu.variants;
  recorder.dispatch(embeddingBackwardKernel, {
    params: { vocab, cols },
    buffers: { dy: args.dy, offsets: args.offsets, rowsOf: args.rowsOf, dTable: args.dTable },
    workgroups: cooperative ? blockGrid(vocab * Math.ceil(cols / 16)) : elementGrid(vocab * cols),
    constants: { COOPERATIVE: cooperative ? 1 : 0 },
    work: 4 * args.rows * cols,
  });
}

/** y[index[n]] = x[n]; the indices are distinct. */
export function scatterRows(
  recorder: Recorder,
  args: { x: Slice; index: Slice; y: Slice; rows: number; cols: number },
): void {
  const { rows, cols } = args;
  recorder.dispatch(scatterRowsKernel, {
    params: { rows, cols },
    buffers: { x: args.x, index: args.index, y: args.y },
    workgroups: elementGrid(rows * cols),
    work: 4 * rows * cols,
  });
}

/**
 * Lists the rows that hold each index, ascending (a counting sort).
 *
 * @param index (N) values below `vocab`
 * @returns offsets (V+1) and rowsOf (N)
 */
export function rowsByIndex(
  index: Uint32Array,
  vocab: number,
): { offsets: Uint32Array<ArrayBuffer>; rowsOf: Uint32Array<ArrayBuffer> } {
  const offsets = new Uint32Array(vocab + 1);
  for (const v of index) offsets[v + 1] = (offsets[v + 1] ?? 0) + 1;
  for (let v = 0; v < vocab; v++) offsets[v + 1] = (offsets[v + 1] ?? 0) + (offsets[v] ?? 0);
  const next = offsets.slice();
  const rowsOf = new Uint32Array(index.length);
  index.forEach((v, n) => {
    const at = next[v] ?? 0;
    rowsOf[at] = n;
    next[v] = at + 1;
  });
  return { offsets, rowsOf };
}
