import adamwSource from '../../../shaders/adamw.wgsl?raw';
import normSource from '../../../shaders/grad_norm.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid } from '../grid';

export const gradNormKernel = defineKernel({
  name: 'grad_norm',
  source: normSource,
  params: { size: 'u32', slot: 'u32' },
  buffers: { g: 'read', norms: 'write' },
  costPerOperation: 8,
});

export const adamwKernel = defineKernel({
  name: 'adamw',
  source: adamwSource,
  params: {
    size: 'u32',
    slot: 'u32',
    lr: 'f32',
    beta1: 'f32',
    beta2: 'f32',
    oneMinusBeta1: 'f32',
    oneMinusBeta2: 'f32',
    eps: 'f32',
    weightDecay: 'f32',
    correction1: 'f32',
    correction2: 'f32',
    maxNorm: 'f32',
    firstGroup: 'u32',
  },
  buffers: { grad: 'read', norms: 'read', decays: 'read', theta: 'write', m: 'write', v: 'write' },
  costPerOperation: 5,
});

/** norms[slot] = L2 norm of g (size). */
export function gradNorm(recorder: Recorder, args: { g: Slice; norms: Slice; size: number; slot: number }): void {
  recorder.dispatch(gradNormKernel, {
    params: { size: args.size, slot: args.slot },
    buffers: { g: args.g, norms: args.norms },
    workgroups: [1, 1, 1],
    work: 4 * args.size,
  });
}

export interface AdamWHyper {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** 0 switches clipping off. */
  maxGradNorm: number;
}

/**
 * One step over whole arenas of `size` floats, in place, and none where the norm is not finite. `step` counts from 1; norms[slot]
 * is the norm that clips.
 */
export function adamw(
  recorder: Recorder,
  args: AdamWHyper & {
    theta: Slice;
    grad: Slice;
    m: Slice;
    v: Slice;
    norms: Slice;
    decays: Slice;
    size: number;
    slot: number;
    step: number;
  },
): void {
  const { lr, beta1, beta2, eps, weightDecay, size, slot } = args;
  recorder.dispatch(adamwKernel, {
    params: {
      size,
      slot,
      lr,
      beta1,
      beta2,
      // In double precision: 1 - 0.95 in float32 is off in the seventh digit.
      oneMinusBeta1: 1 - beta1,
      oneMinusBeta2: 1 - beta2,
      eps,
      weightDecay,
      correction1: 1 - Math.pow(beta1, args.step),
      correction2: 1 - Math.pow(beta2, args.step),
      maxNorm: args.maxGradNorm,
    },
    buffers: { grad: args.grad, norms: args.norms, decays: args.decays, theta: args.theta, m: args.m, v: args.v },
    workgroups: elementGrid(size),
    work: 20 * size,
  });
}
