import backwardSource from '../../../shaders/swiglu_backward.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid } from '../grid';

export const swigluBackwardKernel = defineKernel({
  name: 'swiglu_backward',
  source: backwardSource,
  params: { rows: 'u32', cols: 'u32' },
  buffers: { gu: 'read', dy: 'read', dgu: 'write' },
});

/** dgu (N,2F) overwritten from dy (N,F): for widths that `linear_backward` does not take. */
export function swigluBackward(
  recorder: Recorder,
  args: { gu: Slice; dy: Slice; dgu: Slice; rows: number; cols: number },
): void {
  recorder.dispatch(swigluBackwardKernel, {
    params: { rows: args.rows, cols: args.cols },
    buffers: { gu: args.gu, dy: args.dy, dgu: args.dgu },
    workgroups: elementGrid(args.rows * args.cols),
    work: 30 * args.rows * args.cols,
  });
}
