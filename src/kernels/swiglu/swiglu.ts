import backwardSource from '../../../shaders/swiglu_backward.wgsl?raw';
import forwardSource from '../../../shaders/swiglu_forward.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid, type Groups } from '../grid';

export const swigluForwardKernel = defineKernel({
  name: 'swiglu_forward',
  source: forwardSource,
  params: { rows: 'u32', cols: 'u32' },
  buffers: { gu: 'read', y: 'write' },
});

export const swigluBackwardKernel = defineKernel({
  name: 'swiglu_backward',
  source: backwardSource,
  params: { rows: 'u32', cols: 'u32' },
  buffers: { gu: 'read', dy: 'read', dgu: 'write' },
});

/** y (N,F) = silu(gate) * up from gu (N,2F) = [gate | up]; overwrites y. */
export function swigluForward(
  recorder: Recorder,
  args: { gu: Slice; y: Slice; rows: number; cols: number; groups?: Groups },
): void {
  recorder.dispatch(swigluForwardKernel, {
    params: { rows: args.rows, cols: args.cols },
    buffers: { gu: args.gu, y: args.y },
    workgroups: args.groups ?? elementGrid(args.rows * args.cols),
    work: 20 * args.rows * args.cols,
  });
}

/** dgu (N,2F) overwritten from dy (N,F). */
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
