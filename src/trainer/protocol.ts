/**
 * The narrow door between page and engine: commands go in, events come out. Everything here is structured-cloneable; bulk
 * data travels as transferred typed arrays. The page sends `runId` with `start`; events carry it back, so events of a run
 * that was replaced in the meantime can be dropped.
 */
import type { RunConfig } from '../config/schema';
import type { AskCommand, AskEvent, WeightsOf } from './ask-protocol';

/** Where a trainer gets its first weights: the checkpoint that ships with the page, a warm start in the page, or bytes of a saved run. */
export type InitialWeights = { kind: 'shipped' } | { kind: 'warmStart' } | { kind: 'checkpoint'; bytes: ArrayBuffer };

export type Command =
  | { type: 'start'; runId: number; config: RunConfig; initial: InitialWeights; baseUrl: string }
  | { type: 'play' }
  | { type: 'pause' }
  /** One update, of both losses or of one alone. */
  | { type: 'step'; train?: TrainedPart }
  /** Back to the weights and random position the current run started with. */
  | { type: 'reset' }
  /** Asks for one `checkpoint` event with the state after the last whole update. */
  | { type: 'checkpoint' }
  /** Follows one question of an update: it is asked again now and then, beside the training and without changing it. */
  | { type: 'pin'; id: number; update: number; group: number }
  | { type: 'unpin'; id: number }
  /** Other settings from the next update on; only those that need no new run may differ. Answered by `configured`. */
  | { type: 'configure'; config: RunConfig }
  /** At most so many updates a minute; null for as many as there can be. */
  | { type: 'pace'; updatesPerMinute: number | null }
  /** What base and present weights (or those that are wanted) make of a trajectory's tokens; answered by one `inspection`. */
  | ({ type: 'inspect'; id: number; tokens: Uint16Array } & WeightsOf)
  /**
   * Regenerates a draft from each of its steps, replicate by replicate with the same random numbers for all cuts; answered by
   * one `swept` or `refused`. Nothing of it is trained on.
   */
  | ({ type: 'sweep'; id: number; draft: DraftRow; firstReplicate: number; replicates: number } & WeightsOf)
  /** Cuts a draft at a step (1..S) by hand and regenerates it once; answered by one `branch` or `refused`. */
  | ({ type: 'cut'; id: number; draft: DraftRow; step: number; replicate: number } & WeightsOf)
  | AskCommand
  /** When to pause; replaces what was set before. */
  | { type: 'breakpoints'; breakpoints: Breakpoints };

/** Names a question of the run with the world that it was asked in. */
export interface AskedRow {
  /** The update that asked it, from 1, and its row there. */
  update: number;
  row: number;
  /** Asked as a pinned question: with random numbers that do not depend on the update. */
  pinned?: boolean;
}

/** One draft of a batch, as the batch holds it: the page keeps what the engine has given away. T positions. */
export interface DraftRow extends AskedRow {
  /** Number of a cut's revision in the random numbers: 1 for a cut of a draft (default), one more for each branch above. */
  revision?: number;
  /** (T) each. */
  tokens: Uint16Array;
  logProbs: Float32Array;
  entropies: Float32Array;
  /** (5), of which `steps` are valid. */
  stepStarts: Uint16Array;
  steps: number;
  /** (4,3) */
  passages: Int32Array;
}

/** Replicates of one sweep command at most. */
export const MAX_SWEEP_REPLICATES = 16;
export type TrainedPart = 'both' | 'actor' | 'refiner';

/** Conditions on the update that was just made, each null or false where it is off. */
export interface Breakpoints {
  /** At least so many groups have equal rewards. */
  zeroVarianceGroups: number | null;
  /** The share of drafts that are cut lies outside. */
  revisionRate: { low: number; high: number } | null;
  /** The mean entropy lies below, in nats per token. */
  entropyBelow: number | null;
  /** A pinned question is answered otherwise than the last time, by most of its trajectories. */
  pinnedAnswer: boolean;
}

export const NO_BREAKPOINTS: Breakpoints = {
  zeroVarianceGroups: null,
  revisionRate: null,
  entropyBelow: null,
  pinnedAnswer: false,
};

/** Questions that can be followed at once. */
export const MAX_PINS = 4;
/** While it plays, pinned questions are asked after every so many updates; besides, when pinned and after each step. */
export const PIN_EVERY = 5;

/** The numbered phases of one update (design: slow motion shows them). */
export type Phase = 'rollout' | 'review' | 'regenerate' | 'reward' | 'advantage' | 'update';

export type RunState = 'loading' | 'warmStart' | 'paused' | 'running' | 'evaluating' | 'failed';

/** One line of metrics.jsonl: every value is a finite number or null where it is undefined (a rate over nothing). */
export type UpdateMetrics = Readonly<Record<string, number | null>>;

export interface AdapterDescription {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** True for llvmpipe, SwiftShader and other adapters that compute on the CPU. */
  software: boolean;
}

/** What the page needs to show tokens, questions and passages of the run's world. */
export interface WorldDescription {
  id: string;
  title: string;
  tokenStrings: readonly string[];
  special: {
    pad: number;
    bos: number;
    eos: number;
    think: number;
    endThink: number;
    search: number;
    endSearch: number;
    information: number;
    endInformation: number;
    answer: number;
    endAnswer: number;
    question: number;
    review: number;
    integers: readonly number[];
  };
  entityBase: number;
  relationBase: number;
  /** English templates per relation: `ask` is "the capital of {x}", `state` is "The capital of {s} is {o}." */
  relations: readonly { name: string; ask: string; state: string }[];
  /** Names of the passage sources, in token order from `sourceBase`. */
  sources: readonly string[];
  sourceBase: number;
  ceilings: { perfectReaderEm: number; supportingShare: number };
}

/** One side (draft or final) of B trajectories. T = positions per row, at most 4 searches and 5 steps a row. */
export interface TrajectorySide {
  /** (B,T) token ids, 0 after the end. */
  tokens: Uint16Array;
  /** (B) number of tokens, question included. */
  lengths: Uint16Array;
  /** (B,T) log-probability under the policy of each token that the policy wrote, 0 elsewhere. */
  logProbs: Float32Array;
  /** (B,T) entropy in nats of the policy's distribution at each token it wrote, 0 elsewhere. */
  entropies: Float32Array;
  /** (B,5) position of the first token of each step; stepCounts says how many are valid. */
  stepStarts: Uint16Array;
  stepCounts: Uint8Array;
  /** (B) end reason, see END_REASONS. */
  reasons: Uint8Array;
  /** (B,4,3) passage id in the row's world, -1 where there was no search. */
  passages: Int32Array;
  /** (B,4,3) 0 new, 1 repeated, 2 irrelevant, 3 rumour, 255 none. */
  passageClasses: Uint8Array;
  /** (B,4,3) BM25 score of each passage for its query, 0 where there is none. */
  scores: Float32Array;
  /** (B,4) u_i: 1 if the collection supports a hop not supported before. */
  useful: Uint8Array;
  /** (B,4) share of supporting passages that are new: the density on screen. */
  shares: Float32Array;
  /** (B) exact match, reward, share of hops supported. */
  em: Uint8Array;
  rewards: Float32Array;
  coverage: Float32Array;
}

/** Log-probabilities of one trajectory's tokens under two sets of weights; 0 where the policy wrote nothing. */
export interface Inspection {
  /** The update after which the present weights were read. */
  update: number;
  /** (T) under the present weights. */
  current: Float32Array;
  /** (T) under the frozen base policy, which the KL term refers to. */
  reference: Float32Array;
}

/** A cut sweep of one draft with S steps. */
export interface CutSweep {
  /** The update after which the weights that regenerated it were read. */
  update: number;
  firstReplicate: number;
  /** n, regenerations a cut. */
  replicates: number;
  /** (S,n) row-major, of the cut at step 1 first. */
  rewards: Float32Array;
  em: Uint8Array;
}

/** What became of a draft that was cut by hand. */
export interface CutBranch {
  /** The update after which the weights that regenerated it were read. */
  update: number;
  step: number;
  replicate: number;
  /** One row: the kept steps as the draft has them, then the regenerated ones. */
  side: TrajectorySide;
}

export interface TrajectoryBatch {
  update: number;
  prompts: number;
  groupSize: number;
  positions: number;
  /** (P) entity token of the right answer. */
  answers: Uint16Array;
  /** (P) English question. */
  questions: readonly string[];
  draft: TrajectorySide;
  final: TrajectorySide;
  /** (B) the earliest cut that was made: 0 for none, j at step j. 0 everywhere without a refiner. */
  cuts: Uint8Array;
  /** (B,6) log-probability of each integer 0..5 in the first review, -Infinity where illegal; all 0 when no model reviews. */
  reviewLogProbs: Float32Array;
  /** (B) advantage of the final trajectory, and of the first review in the units of refinerAdvantage. */
  advantages: Float32Array;
  reviewAdvantages: Float32Array;
}

export const END_REASONS = [
  'running',
  'finished',
  'fifth search',
  'thought too long',
  'query too long',
  'answer too long',
  'unexpected token',
  'empty query',
  'empty answer',
] as const;

export interface EvaluationResult {
  update: number;
  /** Keys as in docs/metrics.md, e.g. emSampled, emGreedy, emSampledRefined, emClosedBook. */
  metrics: UpdateMetrics;
}

export type TrainerEvent =
  | { type: 'adapter'; adapter: AdapterDescription }
  | { type: 'world'; runId: number; world: WorldDescription }
  | { type: 'state'; runId: number; state: RunState; update: number; phase: Phase | null; note: string | null }
  | { type: 'warmStart'; runId: number; batch: number; batches: number; loss: number }
  | { type: 'metrics'; runId: number; update: number; metrics: UpdateMetrics; updateMs: number }
  | { type: 'trajectories'; runId: number; batch: TrajectoryBatch }
  | { type: 'evaluation'; runId: number; result: EvaluationResult }
  | { type: 'configured'; runId: number; update: number; config: RunConfig }
  | { type: 'inspection'; runId: number; id: number; inspection: Inspection }
  | { type: 'swept'; runId: number; id: number; sweep: CutSweep }
  | { type: 'branch'; runId: number; id: number; branch: CutBranch }
  | AskEvent
  /** What was asked and not done (a sweep, a cut, an `AskCommand`), and why. */
  | { type: 'refused'; runId: number; id: number; message: string; hint: string }
  /** The run was paused by a breakpoint, in words; `update` is the one that met it. */
  | { type: 'breakpoint'; runId: number; update: number; reason: string }
  /** A pinned question asked with the weights after `batch.update`: one group, with the same random numbers every time. */
  | { type: 'pinned'; runId: number; id: number; batch: TrajectoryBatch }
  | { type: 'checkpoint'; runId: number; update: number; bytes: ArrayBuffer; weightsHash: string }
  /** Something a person can act on. `fatal` means that the run cannot go on. */
  | { type: 'error'; runId: number; message: string; hint: string; fatal: boolean };

/** Names of the per-update metrics that the page charts; the whole list with formulas is docs/metrics.md. */
export const CHARTED_METRICS = [
  'rewardMean',
  'emDraft',
  'emFinal',
  'density',
  'coverage',
  'revisionRate',
  'savedRate',
  'harmedRate',
  'wastedRate',
  'missedRate',
  'klK3',
  'entropy',
  'clipFraction',
  'gradNormActor',
  'gradNormReview',
  'zeroVarianceGroups',
] as const;
