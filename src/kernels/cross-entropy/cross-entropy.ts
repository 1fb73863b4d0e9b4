import source from '../../../shaders/cross_entropy.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { rowLanes } from '../row-lanes';

export const crossEntropyKernel = defineKernel({
  name: 'cross_entropy',
  source,
  params: { rows: 'u32', vocab: 'u32', ld: 'u32', firstGroup: 'u32' },
  buffers: { targets: 'read', weights: 'read', logits: 'write', nll: 'write' },
});

/** logits (N,ld) become dLogits; nll (N,2) = (nll, weight * nll), overwritten. weights (N) already hold mask / sum(mask). */
export function crossEntropy(
  recorder: Recorder,
  args: { logits: Slice; targets: Slice; weights: Slice; nll: Slice; rows: number; vocab: number; ld: number },
): void {
  const { rows, vocab, ld } = args;
  recorder.dispatch(crossEntropyKernel, {
    params: { rows, vocab, ld },
    buffers: { targets: args.targets, weights: args.weights, logits: args.logits, nll: args.nll },
    ...rowLanes(recorder, rows),
    work: 40 * rows * vocab,
  });
}
