/** Reviews that read the trajectory again, with a verdict behind every step: their text, and what the verdicts say together. */
import textSource from '../../../shaders/review_text.wgsl?raw';
import verdictsSource from '../../../shaders/review_verdicts.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';

/** Floats of what a row's review may say: the integers 0..5 stand where their tokens have their logits. */
export const SAID_STRIDE = 20;

export const reviewTextKernel = defineKernel({
  name: 'review_text',
  source: textSource,
  params: { rows: 'u32', first: 'u32', count: 'u32', positions: 'u32', stride: 'u32', certainty: 'u32' },
  buffers: { rows: 'read', tokens: 'read', logProbs: 'read', text: 'write', selected: 'write' },
});

export const reviewVerdictsKernel = defineKernel({
  name: 'review_verdicts',
  source: verdictsSource,
  params: { rows: 'u32', first: 'u32', count: 'u32', ld: 'u32', outLd: 'u32' },
  buffers: { rows: 'read', logits: 'read', said: 'write' },
});

/** Rows of the batch that one pass reads. */
interface Part {
  batch: number;
  first: number;
  count: number;
}

export function reviewText(
  recorder: Recorder,
  args: Part & {
    rows: Slice;
    tokens: Slice;
    logProbs: Slice;
    text: Slice;
    selected: Slice;
    positions: number;
    stride: number;
    certainty: boolean;
  },
): void {
  const { batch, first, count, positions, stride } = args;
  recorder.dispatch(reviewTextKernel, {
    params: { rows: batch, first, count, positions, stride, certainty: args.certainty ? 1 : 0 },
    buffers: {
      rows: args.rows,
      tokens: args.tokens,
      logProbs: args.logProbs,
      text: args.text,
      selected: args.selected,
    },
    workgroups: [Math.ceil(count / 32), 1, 1],
    work: 5 * count * stride,
  });
}

export function reviewVerdicts(
  recorder: Recorder,
  args: Part & { rows: Slice; logits: Slice; said: Slice; ld: number },
): void {
  const { batch, first, count, ld } = args;
  recorder.dispatch(reviewVerdictsKernel, {
    params: { rows: batch, first, count, ld, outLd: SAID_STRIDE },
    buffers: { rows: args.rows, logits: args.logits, said: args.said },
    workgroups: [Math.ceil(count / 32), 1, 1],
    work: 100 * count,
  });
}
