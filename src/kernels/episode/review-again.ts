/** Reviews that read the trajectory again, with a verdict behind every step: their text, and what the verdicts say together. */
import textSource from '../../../shaders/review_text.wgsl?raw';
import thinkSource from '../../../shaders/review_think.wgsl?raw';
import verdictsSource from '../../../shaders/review_verdicts.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';

/** Verdicts of a row, as in the shaders. */
const MAX_STEPS = 5;

/** Floats of what a row's review may say: the integers 0..5 stand where their tokens have their logits. */
export const SAID_STRIDE = 20;

export const reviewTextKernel = defineKernel({
  name: 'review_text',
  source: textSource,
  params: {
    rows: 'u32',
    first: 'u32',
    count: 'u32',
    positions: 'u32',
    stride: 'u32',
    certainty: 'u32',
    thoughts: 'u32',
  },
  buffers: { rows: 'read', tokens: 'read', logProbs: 'read', text: 'write', selected: 'write' },
});

export const reviewVerdictsKernel = defineKernel({
  name: 'review_verdicts',
  source: verdictsSource,
  params: { rows: 'u32', first: 'u32', count: 'u32', ld: 'u32', outLd: 'u32', places: 'u32' },
  buffers: { rows: 'read', logits: 'read', said: 'write' },
});

export const reviewThinkKernel = defineKernel({
  name: 'review_think',
  source: thinkSource,
  params: {
    ...{ rows: 'u32', first: 'u32', count: 'u32', ld: 'u32' },
    ...{ places: 'u32', hop: 'u32', vocab: 'u32', entityBase: 'u32' },
  },
  buffers: { rows: 'read', logits: 'read', selected: 'read', text: 'write', reviews: 'write' },
});

/** Rows of the batch that one pass reads. */
interface Part {
  batch: number;
  first: number;
  count: number;
  /** Most thoughts of a row; 0 where reviews do not think. */
  thoughts: number;
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
  const { batch, first, count, positions, stride, thoughts } = args;
  recorder.dispatch(reviewTextKernel, {
    params: { rows: batch, first, count, positions, stride, certainty: args.certainty ? 1 : 0, thoughts },
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
  const { batch, first, count, ld, thoughts } = args;
  recorder.dispatch(reviewVerdictsKernel, {
    params: { rows: batch, first, count, ld, outLd: SAID_STRIDE, places: MAX_STEPS + thoughts },
    buffers: { rows: args.rows, logits: args.logits, said: args.said },
    workgroups: [Math.ceil(count / 32), 1, 1],
    work: 100 * count,
  });
}

/** What the reviews of these rows think of hop `hop`, into their texts and into `reviews`. */
export function reviewThink(
  recorder: Recorder,
  args: Part & {
    rows: Slice;
    logits: Slice;
    selected: Slice;
    text: Slice;
    reviews: Slice;
    ld: number;
    hop: number;
    vocab: number;
    /** First token id of an entity; they are the last ones. */
    entityBase: number;
  },
): void {
  const { batch, first, count, thoughts, ld, hop, vocab, entityBase } = args;
  recorder.dispatch(reviewThinkKernel, {
    params: { rows: batch, first, count, ld, places: MAX_STEPS + thoughts, hop, vocab, entityBase },
    buffers: {
      rows: args.rows,
      logits: args.logits,
      selected: args.selected,
      text: args.text,
      reviews: args.reviews,
    },
    workgroups: [Math.ceil(count / 32), 1, 1],
    work: 2 * count * vocab,
  });
}
