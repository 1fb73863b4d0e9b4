import source from '../../../shaders/philox.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';

export const philoxKernel = defineKernel({
  name: 'philox',
  source,
  params: { count: 'u32', key0: 'u32', key1: 'u32' },
  buffers: { counters: 'read', words: 'write', uniforms: 'write' },
});

/** words (N,4) u32 and uniforms (N) f32 for counters (N,4) u32 under one key. */
export function philox(
  recorder: Recorder,
  args: {
    counters: Slice;
    words: Slice;
    uniforms: Slice;
    count: number;
    key0: number;
    key1: number;
  },
): void {
  recorder.dispatch(philoxKernel, {
    params: { count: args.count, key0: args.key0, key1: args.key1 },
    buffers: { counters: args.counters, words: args.words, uniforms: args.uniforms },
    workgroups: [Math.ceil(args.count / 32), 1, 1],
    work: 200 * args.count,
  });
}
