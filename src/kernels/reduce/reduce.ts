import addSource from '../../../shaders/add.wgsl?raw';
import columnsSource from '../../../shaders/reduce_columns.wgsl?raw';
import partialsSource from '../../../shaders/reduce_partials.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid } from '../grid';

export const reducePartialsKernel = defineKernel({
  name: 'reduce_partials',
  source: partialsSource,
  params: { size: 'u32', splits: 'u32', firstGroup: 'u32' },
  buffers: { partials: 'read', y: 'write' },
  costPerOperation: 30,
});

export const reduceColumnsKernel = defineKernel({
  name: 'reduce_columns',
  source: columnsSource,
  params: { rows: 'u32', cols: 'u32' },
  buffers: { x: 'read', y: 'write' },
});

export const addKernel = defineKernel({
  name: 'add',
  source: addSource,
  params: { size: 'u32', firstGroup: 'u32' },
  buffers: { x: 'read', y: 'write' },
  costPerOperation: 15,
});

/** y (size) += sum over s of partials (S,size). */
export function reducePartials(
  recorder: Recorder,
  args: { partials: Slice; y: Slice; size: number; splits: number },
): void {
  recorder.dispatch(reducePartialsKernel, {
    params: { size: args.size, splits: args.splits },
    buffers: { partials: args.partials, y: args.y },
    workgroups: elementGrid(args.size),
    work: 2 * args.size * args.splits,
  });
}

/** y (cols) += column sums of x (N,cols); cols <= 8. */
export function reduceColumns(recorder: Recorder, args: { x: Slice; y: Slice; rows: number; cols: number }): void {
  recorder.dispatch(reduceColumnsKernel, {
    params: { rows: args.rows, cols: args.cols },
    buffers: { x: args.x, y: args.y },
    workgroups: [1, 1, 1],
    constants: { COOPERATIVE: recorder.gpu.variants.cooperative ? 1 : 0 },
    work: 2 * args.rows * args.cols,
  });
}

/** y (size) += x (size). */
export function add(recorder: Recorder, args: { x: Slice; y: Slice; size: number }): void {
  recorder.dispatch(addKernel, {
    params: { size: args.size },
    buffers: { x: args.x, y: args.y },
    workgroups: elementGrid(args.size),
    work: 2 * args.size,
  });
}
