import backwardSource from '../../../shaders/rmsnorm_backward.wgsl?raw';
import forwardSource from '../../../shaders/rmsnorm_forward.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { rowLanes } from '../row-lanes';

export const rmsnormForwardKernel = defineKernel({
  name: 'rmsnorm_forward',
  source: forwardSource,
  params: { rows: 'u32', cols: 'u32', eps: 'f32', firstGroup: 'u32' },
  buffers: { x: 'read', w: 'read', y: 'write', rstd: 'write' },
  costPerOperation: 4,
});

export const rmsnormBackwardKernel = defineKernel({
  name: 'rmsnorm_backward',
  source: backwardSource,
  params: {
    rows: 'u32',
    cols: 'u32',
    accumulate: 'u32',
    chunk: 'u32',
    stride: 'u32',
    rowBlocks: 'u32',
    columnBlocks: 'u32',
    firstGroup: 'u32',
  },
  buffers: { x: 'read', w: 'read', rstd: 'read', dy: 'read', dx: 'write', partials: 'write' },
  costPerOperation: 6,
});

/** y (N,C) = x / rms(x) * w; overwrites y and rstd (N). */
export function rmsnormForward(
  recorder: Recorder,
  args: { x: Slice; w: Slice; y: Slice; rstd: Slice; rows: number; cols: number; eps: number },
): void {
  const { rows, cols, eps } = args;
  recorder.dispatch(rmsnormForwardKernel, {
    params: { rows, cols, eps },
    buffers: { x: args.x, w: args.w, y: args.y, rstd: args.rstd },
    ...rowLanes(recorder, rows),
    work: 10 * rows * cols,
  });
}

/**
 * dx (N,C) overwritten, or added to with `accumulate`. The weight gradient (C) is summed over chunks of rows: chunk s goes to
 * float s * stride of `partials`, all `splits` of them are written, and `reducePartials` adds them.
 */
export function rmsnormBackward(
  recorder: Recorder,
  args: {
    x: Slice;
    w: Slice;
    rstd: Slice;
    dy: Slice;
    dx: Slice;
    partials: Slice;
    chunk: number;
    stride: number;
    splits: number;
    rows: number;
    cols: number;
    accumulate: boolean;
  },
): void {
  const { x, w, rstd, dy, dx, partials, chunk, stride, splits, rows, cols } = args;
  // The cooperative weight gradient needs more lanes than a row has, so its workgroups take four rows of the input gradient.
  const { cooperative } = recorder.gpu.variants;
  const rowBlocks = Math.ceil(rows / (cooperative ? 4 : 32));
  const columnBlocks = Math.ceil(cols / (cooperative ? 8 : 32));
  recorder.dispatch(rmsnormBackwardKernel, {
    params: { rows, cols, accumulate: args.accumulate ? 1 : 0, chunk, stride, rowBlocks, columnBlocks },
    buffers: { x, w, rstd, dy, dx, partials },
    workgroups: [rowBlocks + columnBlocks * splits, 1, 1],
    constants: cooperative ? { COOPERATIVE: 1, GROUP: 256 } : { COOPERATIVE: 0, GROUP: 32 },
    work: 24 * rows * cols,
    sections: [
      { groups: rowBlocks, work: 16 * rows * cols },
      { groups: columnBlocks * splits, work: 8 * rows * cols },
    ],
  });
}
