import backwardSource from '../../../shaders/linear_backward.wgsl?raw';
import stridedSource from '../../../shaders/matmul_strided.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { swigluBackward } from '../swiglu/swiglu';
import { octetsPerGroup, tileForm } from './linear';

export const linearBackwardKernel = defineKernel({
  name: 'linear_backward',
  source: backwardSource,
  params: {
    rows: 'u32',
    inner: 'u32',
    outs: 'u32',
    ld: 'u32',
    chunk: 'u32',
    stride: 'u32',
    inputBlocks: 'u32',
    outBlocks: 'u32',
    firstGroup: 'u32',
  },
  buffers: {
    x: 'read',
    dy: 'read',
    a: 'read',
    b: 'read',
    gateUp: 'read',
    dx: 'write',
    partials: 'write',
  },
});

export const matmulStridedKernel = defineKernel({
  name: 'matmul_strided',
  source: stridedSource,
  params: {
    rows: 'u32',
    cols: 'u32',
    inner: 'u32',
    ld: 'u32',
    aRow: 'u32',
    aInner: 'u32',
    bInner: 'u32',
    bCol: 'u32',
    chunk: 'u32',
    stride: 'u32',
  },
  buffers: { a: 'read', b: 'read', out: 'write' },
});

/**
 * Where a weight's gradient is summed: chunk s of `chunk` rows goes to float s * stride of `partials`; `reducePartials` adds
 * the chunks in ascending order.
 */
export interface PartialSums {
  partials: Slice;
  chunk: number;
  stride: number;
  /** How many chunks are written: those past the last row are 0. */
  splits: number;
}

interface BackwardArgs extends PartialSums {
  /** (N,inner) saved input, (N,ld) gradient of the output: columns outs..ld-1 are 0, (outs,inner) weight. */
  x: Slice;
  dy: Slice;
  w: Slice;
  rows: number;
  inner: number;
  outs: number;
  ld: number;
  /** (N,inner), overwritten; (N,2*inner) = [d gate | d up] where `gateUp` is given. */
  dx: Slice;
  /** (N,2*inner) saved by `linearSwiglu`, where x is its output. */
  gateUp?: Slice;
  /** (N,inner) for widths that are no multiple of 4, with `gateUp` only. */
  scratch?: Slice;
}

/** dX = dY W and the partial sums of dW = dY^T x, both overwritten. */
export function linearBackward(recorder: Recorder, args: BackwardArgs): void {
  const { x, dy, w, rows, inner, outs, ld, chunk, stride, splits, dx, gateUp, partials } = args;
  const work = 4 * rows * inner * outs;
  if (inner % 4 !== 0 || ld % 4 !== 0 || stride % 4 !== 0) {
    strided(recorder, args);
    return;
  }
  const { high, constants } = tileForm(recorder, rows);
  const blockRows = high * octetsPerGroup(recorder);
  const inputBlocks = Math.ceil(rows / blockRows);
  const outBlocks = Math.ceil(outs / blockRows);
  recorder.dispatch(linearBackwardKernel, {
    params: { rows, inner, outs, ld, chunk, stride, inputBlocks, outBlocks },
    buffers: { x, dy, a: dy, b: w, gateUp: gateUp ?? x, dx, partials },
    workgroups: [inputBlocks + outBlocks * splits, Math.ceil(inner / 64), 1],
    constants: { ...constants, NORMALISE: 0, SWIGLU: gateUp === undefined ? 0 : 1 },
    work,
    sections: [
      { groups: inputBlocks, work: work / 2 },
      { groups: outBlocks * splits, work: work / 2 },
    ],
  });
}

/** The same for any width, element by element. */
function strided(recorder: Recorder, args: BackwardArgs): void {
  const { x, dy, w, rows, inner, outs, ld, chunk, stride, splits, gateUp, partials } = args;
  const work = 2 * rows * inner * outs;
  const dx = gateUp === undefined ? args.dx : args.scratch;
  if (dx === undefined) throw new RangeError(`a SwiGLU of width ${inner} needs scratch`);
  recorder.dispatch(matmulStridedKernel, {
    params: {
      rows,
      cols: inner,
      inner: outs,
      ld: inner,
      aRow: ld,
      aInner: 1,
      bInner: inner,
      bCol: 1,
      chunk: outs,
      stride: 0,
    },
    buffers: { a: dy, b: w, out: dx },
    workgroups: [Math.ceil(rows / 8), Math.ceil(inner / 8), 1],
    work,
  });
  recorder.dispatch(matmulStridedKernel, {
    params: {
      rows: outs,
      cols: inner,
      inner: rows,
      ld: inner,
      aRow: 1,
      aInner: ld,
      bInner: inner,
      bCol: 1,
      chunk,
      stride,
    },
    buffers: { a: dy, b: x, out: partials },
    workgroups: [Math.ceil(outs / 8), Math.ceil(inner / 8), splits],
    work,
  });
  if (gateUp !== undefined) swigluBackward(recorder, { gu: gateUp, dy: dx, dgu: args.dx, rows, cols: inner });
}
