import bm25Source from '../../../shaders/bm25_top_k.wgsl?raw';
import compactSource from '../../../shaders/episode_compact.wgsl?raw';
import stepSource from '../../../shaders/episode_step.wgsl?raw';
import beginSource from '../../../shaders/review_begin.wgsl?raw';
import decideSource from '../../../shaders/review_decide.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { blockGrid } from '../grid';

export const episodeCompactKernel = defineKernel({
  name: 'episode_compact',
  source: compactSource,
  params: { rows: 'u32', positions: 'u32', update: 'u32', key0: 'u32', key1: 'u32', block: 'u32', last: 'u32' },
  buffers: {
    rows: 'write',
    tokens: 'write',
    active: 'write',
    fed: 'write',
    inputs: 'write',
    lengths: 'write',
    uniforms: 'write',
  },
});

export const episodeStepKernel = defineKernel({
  name: 'episode_step',
  source: stepSource,
  params: { positions: 'u32', contentBase: 'u32' },
  buffers: {
    active: 'read',
    chosen: 'read',
    stats: 'read',
    rows: 'write',
    tokens: 'write',
    logProbs: 'write',
    entropies: 'write',
  },
});

export const bm25TopKKernel = defineKernel({
  name: 'bm25_top_k',
  source: bm25Source,
  params: {
    rows: 'u32',
    positions: 'u32',
    blank: 'u32',
    stride: 'u32',
    listStride: 'u32',
    contentBase: 'u32',
    nameBase: 'u32',
  },
  buffers: {
    terms: 'read',
    weights: 'read',
    postings: 'read',
    rows: 'write',
    tokens: 'write',
    logProbs: 'write',
    entropies: 'write',
  },
});

export const reviewBeginKernel = defineKernel({
  name: 'review_begin',
  source: beginSource,
  params: { rows: 'u32', positions: 'u32', attempt: 'u32', whole: 'u32' },
  buffers: { rows: 'write', tokens: 'write' },
});

export const reviewDecideKernel = defineKernel({
  name: 'review_decide',
  source: decideSource,
  params: {
    ld: 'u32',
    mode: 'u32',
    margin: 'f32',
    gate: 'u32',
    cutRule: 'u32',
    update: 'u32',
    seed: 'u32',
    again: 'u32',
  },
  buffers: {
    active: 'read',
    logits: 'read',
    uniforms: 'read',
    passageFacts: 'read',
    rows: 'write',
    reviews: 'write',
  },
});

/** The trajectories of one batch on the GPU. */
export interface EpisodeBuffers {
  /** (B) rows, layout in row-layout.ts. */
  rows: Slice;
  /** (B,T) u32, f32, f32. */
  tokens: Slice;
  logProbs: Slice;
  entropies: Slice;
}

/** What the compaction prepares for a decoding step. `active` and `fed` hold the count in their first 256 bytes, then the rows. */
export interface ActiveBuffers {
  /** The rows whose newest token is fed. */
  active: Slice;
  /** The row of every token that is fed, those of `active` first. */
  fed: Slice;
  /** Of every token that is fed: the token, and how many keys it sees. */
  inputs: Slice;
  lengths: Slice;
  /** (B) in [0, 1): the random number of each active row's next choice. */
  uniforms: Slice;
}

/** Lists what the next decoding step feeds, and moves the rows on behind it. */
export function episodeCompact(
  recorder: Recorder,
  args: EpisodeBuffers &
    ActiveBuffers & {
      batch: number;
      positions: number;
      update: number;
      /** Key of the random numbers: (run seed, purpose). */
      key0: number;
      key1: number;
      /** Most tokens of a row, where `last` is false. */
      block: number;
      /** Whether a row is fed to its newest token, which the next is sampled behind; else it is fed what stands before it. */
      last: boolean;
    },
): void {
  recorder.dispatch(episodeCompactKernel, {
    params: {
      rows: args.batch,
      positions: args.positions,
      update: args.update,
      key0: args.key0,
      key1: args.key1,
      block: args.block,
      last: args.last ? 1 : 0,
    },
    buffers: {
      rows: args.rows,
      tokens: args.tokens,
      active: args.active,
      fed: args.fed,
      inputs: args.inputs,
      lengths: args.lengths,
      uniforms: args.uniforms,
    },
    workgroups: [1, 1, 1],
    work: 100 * args.batch,
  });
}

export function episodeStep(
  recorder: Recorder,
  args: EpisodeBuffers & {
    active: Slice;
    chosen: Slice;
    stats: Slice;
    positions: number;
    /** First token id that may stand inside think, query and answer. */
    contentBase: number;
    batch: number;
  },
): void {
  recorder.dispatch(episodeStepKernel, {
    params: { positions: args.positions, contentBase: args.contentBase },
    buffers: {
      active: args.active,
      chosen: args.chosen,
      stats: args.stats,
      rows: args.rows,
      tokens: args.tokens,
      logProbs: args.logProbs,
      entropies: args.entropies,
    },
    workgroups: [Math.ceil(args.batch / 32), 1, 1],
    work: 200 * args.batch,
  });
}

/** The passages of several worlds, a slot each. */
export interface PassageIndex {
  /** (slots * stride) u32x4 tokens (source, subject, relation, object): the terms of BM25 and the text that is inserted. */
  readonly terms: Slice;
  /** (slots * stride) u32x4 fixed-point weights. */
  readonly weights: Slice;
  /** (slots, listStride) u32: the passages of each token from contentBase on (src/retrieval/postings.ts). */
  readonly postings: Slice;
  /** Passages a slot can hold. */
  readonly stride: number;
  readonly listStride: number;
  readonly contentBase: number;
  /** First token of a name: the relations end there, of which a passage has one. */
  readonly nameBase: number;
}

/** What a query finds is some tens of passages, of a relation more. */
const WALKED = 100;

/** Finds the passages of every completed query and writes them behind it. */
export function bm25TopK(
  recorder: Recorder,
  args: EpisodeBuffers & {
    index: PassageIndex;
    positions: number;
    batch: number;
    /** Closed book: passages are blanked. */
    blank: boolean;
  },
): void {
  const { batch, positions } = args;
  const { terms, weights, postings, stride, listStride, contentBase, nameBase } = args.index;
  const { cooperative } = recorder.gpu.variants;
  recorder.dispatch(bm25TopKKernel, {
    params: { rows: batch, positions, blank: args.blank ? 1 : 0, stride, listStride, contentBase, nameBase },
    buffers: {
      terms,
      weights,
      postings,
      rows: args.rows,
      tokens: args.tokens,
      logProbs: args.logProbs,
      entropies: args.entropies,
    },
    workgroups: blockGrid(cooperative ? batch : Math.ceil(batch / 16)),
    constants: { COOPERATIVE: cooperative ? 1 : 0 },
    work: 8 * batch * WALKED,
  });
}

/** Makes the rows that are to be reviewed read `<review>` next. */
export function reviewBegin(
  recorder: Recorder,
  args: {
    rows: Slice;
    tokens: Slice;
    batch: number;
    positions: number;
    attempt: number;
    /** Whether what reads them has not read their trajectories. */
    whole: boolean;
  },
): void {
  const { batch, positions, attempt } = args;
  recorder.dispatch(reviewBeginKernel, {
    params: { rows: batch, positions, attempt, whole: args.whole ? 1 : 0 },
    buffers: { rows: args.rows, tokens: args.tokens },
    workgroups: [Math.ceil(args.batch / 32), 1, 1],
    work: 10 * args.batch,
  });
}

const REVIEW_MODES = { sample: 0, greedy: 1, oracleLabel: 2, oracleWrong: 3 } as const;
export type ReviewMode = keyof typeof REVIEW_MODES;

/** Whether a draft is cut: as the review says, always (then it cannot say 0), or never. */
const REVIEW_GATES = { model: 0, always: 1, never: 2 } as const;
export type ReviewGate = keyof typeof REVIEW_GATES;

/** Where it is cut: at the step that the review says, at any step with equal chances, or at the first. */
const CUT_RULES = { model: 0, uniform: 1, first: 2 } as const;
export type CutRule = keyof typeof CUT_RULES;

export function reviewDecide(
  recorder: Recorder,
  args: {
    active: Slice;
    logits: Slice;
    uniforms: Slice;
    passageFacts: Slice;
    rows: Slice;
    reviews: Slice;
    ld: number;
    /** Whether `logits` are what verdicts say together (review-again.ts), in the order of the batch. */
    again: boolean;
    mode: ReviewMode;
    margin: number;
    gate: ReviewGate;
    cut: CutRule;
    /** Of the random numbers of uniform cuts. */
    seed: number;
    update: number;
    batch: number;
  },
): void {
  recorder.dispatch(reviewDecideKernel, {
    params: {
      ld: args.ld,
      mode: REVIEW_MODES[args.mode],
      margin: args.margin,
      gate: REVIEW_GATES[args.gate],
      cutRule: CUT_RULES[args.cut],
      update: args.update,
      seed: args.seed,
      again: args.again ? 1 : 0,
    },
    buffers: {
      active: args.active,
      logits: args.logits,
      uniforms: args.uniforms,
      passageFacts: args.passageFacts,
      rows: args.rows,
      reviews: args.reviews,
    },
    workgroups: [Math.ceil(args.batch / 32), 1, 1],
    work: 300 * args.batch,
  });
}
