import inputSource from '../../../shaders/linear_backward_input.wgsl?raw';
import weightSource from '../../../shaders/linear_backward_weight.wgsl?raw';
import forwardSource from '../../../shaders/linear_forward.wgsl?raw';
import stridedSource from '../../../shaders/matmul_strided.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import type { Groups } from '../grid';
import { reducePartials } from '../reduce/reduce';

export const linearForwardKernel = defineKernel({
  name: 'linear_forward',
  source: forwardSource,
  params: { rows: 'u32', inner4: 'u32', outs: 'u32', ld4: 'u32', addResidual: 'u32' },
  buffers: { x: 'read', w: 'read', residual: 'read', y: 'write' },
});

export const linearBackwardInputKernel = defineKernel({
  name: 'linear_backward_input',
  source: inputSource,
  params: { rows: 'u32', inner4: 'u32', outs: 'u32', ld4: 'u32' },
  buffers: { dy: 'read', w: 'read', dx: 'write' },
});

export const linearBackwardWeightKernel = defineKernel({
  name: 'linear_backward_weight',
  source: weightSource,
  params: { rows: 'u32', inner4: 'u32', outs: 'u32', ld4: 'u32', chunk: 'u32' },
  buffers: { x: 'read', dy: 'read', partials: 'write' },
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
    addResidual: 'u32',
  },
  buffers: { a: 'read', b: 'read', residual: 'read', out: 'write' },
});

/** Shapes of a linear layer y = x W^T: x (N,inFeatures), W (outFeatures,inFeatures), y (N,ld) with ld >= outFeatures. */
export interface LinearShape {
  rows: number;
  inFeatures: number;
  outFeatures: number;
  ld: number;
}

/** Rows summed by one partial gradient. */
export const WEIGHT_CHUNK = 512;

/** How many partial gradients `linearBackward` writes: its scratch holds splits * outFeatures * inFeatures floats. */
export function weightSplits(rows: number): number {
  return Math.ceil(rows / WEIGHT_CHUNK);
}

/** Whether the register-tiled kernels take this shape; the others go through matmul_strided. */
function tiled({ inFeatures, ld }: LinearShape): boolean {
  return inFeatures % 4 === 0 && ld % 4 === 0;
}

/**
 * y = x W^T, plus `residual` (N,ld) where given; overwrites y.
 *
 * @param groups where the row count is known to the GPU alone: x = ceil(rows / 32), y = ceil(outFeatures / 64)
 */
export function linearForward(
  recorder: Recorder,
  args: LinearShape & { x: Slice; w: Slice; y: Slice; residual?: Slice; groups?: Groups },
): void {
  const { rows, inFeatures, outFeatures, ld, x, w, y } = args;
  const residual = args.residual ?? x;
  const addResidual = args.residual === undefined ? 0 : 1;
  const work = 2 * rows * inFeatures * outFeatures;
  if (tiled(args)) {
    recorder.dispatch(linearForwardKernel, {
      params: { rows, inner4: inFeatures / 4, outs: outFeatures, ld4: ld / 4, addResidual },
      buffers: { x, w, residual, y },
      workgroups: args.groups ?? [Math.ceil(rows / 32), Math.ceil(outFeatures / 64), 1],
      work,
    });
    return;
  }
  recorder.dispatch(matmulStridedKernel, {
    params: {
      rows,
      cols: outFeatures,
      inner: inFeatures,
      ld,
      aRow: inFeatures,
      aInner: 1,
      bInner: 1,
      bCol: inFeatures,
      chunk: inFeatures,
      addResidual,
    },
    buffers: { a: x, b: w, residual, out: y },
    workgroups: [Math.ceil(rows / 8), Math.ceil(outFeatures / 8), 1],
    work,
  });
}

/** dx = dy W; overwrites dx (N,inFeatures). Columns outFeatures..ld-1 of dy are 0. */
export function linearBackwardInput(recorder: Recorder, args: LinearShape & { dy: Slice; w: Slice; dx: Slice }): void {
  const { rows, inFeatures, outFeatures, ld, dy, w, dx } = args;
  const work = 2 * rows * inFeatures * outFeatures;
  if (tiled(args)) {
    recorder.dispatch(linearBackwardInputKernel, {
      params: { rows, inner4: inFeatures / 4, outs: outFeatures, ld4: ld / 4 },
      buffers: { dy, w, dx },
      workgroups: [Math.ceil(rows / 32), Math.ceil(inFeatures / 64), 1],
      work,
    });
    return;
  }
  recorder.dispatch(matmulStridedKernel, {
    params: {
      rows,
      cols: inFeatures,
      inner: outFeatures,
      ld: inFeatures,
      aRow: ld,
      aInner: 1,
      bInner: inFeatures,
      bCol: 1,
      chunk: outFeatures,
      addResidual: 0,
    },
    buffers: { a: dy, b: w, residual: w, out: dx },
    workgroups: [Math.ceil(rows / 8), Math.ceil(inFeatures / 8), 1],
    work,
  });
}

/** dw (outFeatures,inFeatures) += dy^T x; `scratch` holds weightSplits(rows) * outFeatures * inFeatures floats. */
export function linearBackwardWeight(
  recorder: Recorder,
  args: LinearShape & { x: Slice; dy: Slice; dw: Slice; scratch: Slice },
): void {
  const { rows, inFeatures, outFeatures, ld, x, dy, dw, scratch } = args;
  const splits = weightSplits(rows);
  const size = outFeatures * inFeatures;
  const work = 2 * rows * inFeatures * outFeatures;
  if (splits * size * 4 > scratch.size) throw new RangeError('scratch of a weight gradient is too small');
  if (tiled(args)) {
    recorder.dispatch(linearBackwardWeightKernel, {
      params: { rows, inner4: inFeatures / 4, outs: outFeatures, ld4: ld / 4, chunk: WEIGHT_CHUNK },
      buffers: { x, dy, partials: scratch },
      workgroups: [Math.ceil(outFeatures / 32), Math.ceil(inFeatures / 64), splits],
      work,
    });
  } else {
    recorder.dispatch(matmulStridedKernel, {
      params: {
        rows: outFeatures,
        cols: inFeatures,
        inner: rows,
        ld: inFeatures,
        aRow: 1,
        aInner: ld,
        bInner: inFeatures,
        bCol: 1,
        chunk: WEIGHT_CHUNK,
        addResidual: 0,
      },
      buffers: { a: dy, b: x, residual: x, out: scratch },
      workgroups: [Math.ceil(outFeatures / 8), Math.ceil(inFeatures / 8), splits],
      work,
    });
  }
  reducePartials(recorder, { partials: scratch, y: dw, size, splits });
}
