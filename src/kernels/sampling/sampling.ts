import source from '../../../shaders/sample.wgsl?raw';
import cooperativeSource from '../../../shaders/sample_cooperative.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { blockGrid } from '../grid';

export const sampleKernel = defineKernel({
  name: 'sample',
  source,
  params: {
    rows: 'u32',
    vocab: 'u32',
    ld: 'u32',
    allowedStride: 'u32',
    topK: 'u32',
    temperature: 'f32',
    topP: 'f32',
    firstGroup: 'u32',
  },
  buffers: {
    logits: 'read',
    allowed: 'read',
    uniforms: 'read',
    limit: 'read',
    probs: 'write',
    chosen: 'write',
    stats: 'write',
  },
  costPerOperation: 2,
});

/** The same by a workgroup a row. */
export const sampleCooperativeKernel = defineKernel({
  ...sampleKernel,
  name: 'sample_cooperative',
  source: cooperativeSource,
});

/**
 * One token a row of logits (N,ld). `allowed` is (V) shared by all rows, or (N,V) with allowedPerRow. Overwrites probs (N,ld),
 * chosen (N) u32 and stats (N,2) = (log-probability, entropy) under the allowed tokens at temperature 1.
 * temperature 0 is greedy; topK 0 and topP 1 are off.
 */
export function sample(
  recorder: Recorder,
  args: {
    logits: Slice;
    allowed: Slice;
    uniforms: Slice;
    probs: Slice;
    chosen: Slice;
    stats: Slice;
    rows: number;
    vocab: number;
    ld: number;
    allowedPerRow: boolean;
    temperature: number;
    topK: number;
    topP: number;
    /** Where the GPU alone knows how many of the rows count: their number in its first word. */
    limit?: Slice;
  },
): void {
  const { rows, vocab, ld, topK, temperature, topP } = args;
  const { cooperative } = recorder.gpu.variants;
  recorder.dispatch(cooperative ? sampleCooperativeKernel : sampleKernel, {
    params: { rows, vocab, ld, allowedStride: args.allowedPerRow ? vocab : 0, topK, temperature, topP },
    buffers: {
      logits: args.logits,
      allowed: args.allowed,
      uniforms: args.uniforms,
      limit: args.limit ?? args.allowed,
      probs: args.probs,
      chosen: args.chosen,
      stats: args.stats,
    },
    workgroups: cooperative ? blockGrid(rows) : [Math.ceil(rows / 32), 1, 1],
    constants: { LIMITED: args.limit === undefined ? 0 : 1 },
    work: 60 * rows * vocab,
  });
}
