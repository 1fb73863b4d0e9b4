import backwardSource from '../../../shaders/rmsnorm_backward.wgsl?raw';
import weightSource from '../../../shaders/rmsnorm_backward_weight.wgsl?raw';
import forwardSource from '../../../shaders/rmsnorm_forward.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import type { Groups } from '../grid';
import { reducePartials } from '../reduce/reduce';

export const rmsnormForwardKernel = defineKernel({
  name: 'rmsnorm_forward',
  source: forwardSource,
  params: { rows: 'u32', cols: 'u32', eps: 'f32' },
  buffers: { x: 'read', w: 'read', y: 'write', rstd: 'write' },
});

export const rmsnormBackwardKernel = defineKernel({
  name: 'rmsnorm_backward',
  source: backwardSource,
  params: { rows: 'u32', cols: 'u32', accumulate: 'u32' },
  buffers: { x: 'read', w: 'read', rstd: 'read', dy: 'read', dx: 'write' },
});

export const rmsnormBackwardWeightKernel = defineKernel({
  name: 'rmsnorm_backward_weight',
  source: weightSource,
  params: { rows: 'u32', cols: 'u32', chunk: 'u32' },
  buffers: { x: 'read', rstd: 'read', dy: 'read', partials: 'write' },
});

/** Rows summed by one partial weight gradient; `scratch` of the backward pass holds ceil(rows / NORM_CHUNK) * cols floats. */
export const NORM_CHUNK = 64;

/** y (N,C) = x / rms(x) * w; overwrites y and rstd (N). Groups for rows known to the GPU alone: ceil(rows / 32). */
export function rmsnormForward(
  recorder: Recorder,
  args: { x: Slice; w: Slice; y: Slice; rstd: Slice; rows: number; cols: number; eps: number; groups?: Groups },
): void {
  const { rows, cols, eps } = args;
  recorder.dispatch(rmsnormForwardKernel, {
    params: { rows, cols, eps },
    buffers: { x: args.x, w: args.w, y: args.y, rstd: args.rstd },
    workgroups: args.groups ?? [Math.ceil(rows / 32), 1, 1],
    work: 10 * rows * cols,
  });
}

/** dx (N,C) overwritten, or added to with `accumulate`; dw (C) accumulated. */
export function rmsnormBackward(
  recorder: Recorder,
  args: {
    x: Slice;
    w: Slice;
    rstd: Slice;
    dy: Slice;
    dx: Slice;
    dw: Slice;
    scratch: Slice;
    rows: number;
    cols: number;
    accumulate: boolean;
  },
): void {
  const { x, w, rstd, dy, dx, dw, scratch, rows, cols } = args;
  const splits = Math.ceil(rows / NORM_CHUNK);
  if (splits * cols * 4 > scratch.size) throw new RangeError('scratch of a norm gradient is too small');
  recorder.dispatch(rmsnormBackwardWeightKernel, {
    params: { rows, cols, chunk: NORM_CHUNK },
    buffers: { x, rstd, dy, partials: scratch },
    workgroups: [Math.ceil(cols / 32), splits, 1],
    work: 8 * rows * cols,
  });
  reducePartials(recorder, { partials: scratch, y: dw, size: cols, splits });
  recorder.dispatch(rmsnormBackwardKernel, {
    params: { rows, cols, accumulate: args.accumulate ? 1 : 0 },
    buffers: { x, w, rstd, dy, dx },
    workgroups: [Math.ceil(rows / 32), 1, 1],
    work: 16 * rows * cols,
  });
}
