import source from '../../../shaders/uniform_from_words.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { elementGrid } from '../grid';

export const uniformFromWordsKernel = defineKernel({
  name: 'uniform_from_words',
  source,
  params: { count: 'u32' },
  buffers: { words: 'read', uniforms: 'write' },
});

/** uniforms (N) f32 in [0, 1) from words (N) u32; overwrites uniforms. */
export function uniformsFromWords(recorder: Recorder, args: { words: Slice; uniforms: Slice; count: number }): void {
  recorder.dispatch(uniformFromWordsKernel, {
    params: { count: args.count },
    buffers: { words: args.words, uniforms: args.uniforms },
    workgroups: elementGrid(args.count),
    work: 2 * args.count,
  });
}
