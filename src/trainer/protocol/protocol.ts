/**
 * The narrow door between page and engine: commands go in, events come out. Everything here is structured-cloneable; bulk
 * data travels as transferred typed arrays. The page sends `runId` with `start`; events carry it back, so events of a run
 * that was replaced in the meantime can be dropped.
 */
import type { Columns } from '../../config/column-lines';
import type { RunConfig } from '../../config/schema';
import type { AskCommand, AskEvent, TrainedPart, WeightsOf } from './ask-protocol';
import type { DraftRow, TrajectoryBatch, TrajectorySide } from './trajectory-shapes';

export * from './ask-protocol';
export type { AskedRow, DraftRow, TrajectoryBatch, TrajectorySide } from './trajectory-shapes';

/**
 * Where a trainer gets its first weights: the checkpoint that ships with the page, a warm start in the page, or the bytes of a
 * file: a run, which goes on exactly, or weights alone, from which a run begins. `name` is what messages call the file.
 */
export type InitialWeights =
  { kind: 'shipped' } | { kind: 'warmStart' } | { kind: 'checkpoint' | 'base'; name: string; bytes: ArrayBuffer };

export type Command =
  /** `triples`: a world of one's own; config.world then says nothing. */
  | {
      type: 'start';
      runId: number;
      config: RunConfig;
      initial: InitialWeights;
      baseUrl: string;
      triples?: TriplesFile | null;
    }
  /** Whether a run of this configuration can begin from these weights; answered by one `vetted`. The run that is there goes on. */
  | {
      type: 'vet';
      id: number;
      config: RunConfig;
      initial: InitialWeights;
      baseUrl: string;
      triples?: TriplesFile | null;
    }
  /** `until`: at rest again once this update is done; without it until paused. */
  | { type: 'play'; until?: number }
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
  | { type: 'breakpoints'; breakpoints: Breakpoints }
  /** Tells the trajectories of this update too, should they be too recent after the last ones to be told. */
  | { type: 'await'; update: number }
  /** Reads a file of triples without starting anything, or the part of it that a seed draws; answered by one `triplesRead`. */
  | { type: 'readTriples'; id: number; triples: TriplesFile; part?: number }
  /**
   * What the browser gives the engine, whether kernels are right, and how fast, on a device of its own; answered by `examining`
   * and in the end one `examined`. It is sent to a worker of its own, so that the one of a run may be busy, stuck or dead.
   */
  | { type: 'examine'; baseUrl: string; webGpuInPage: boolean; run: string };

/** A world of one's own: TSV or CSV text (docs/formats.md), and what the world is called. */
export interface TriplesFile {
  name: string;
  text: string;
}

/** What a file of triples gives: a world, or what is wrong with it. */
export interface TriplesReading {
  /** The first problems by line, 1-based; a line of 0 is the file as a whole. */
  problems: readonly { line: number; message: string }[];
  /** All problems, those that are not listed too. */
  problemCount: number;
  world: TriplesSummary | null;
  /** How the text was taken, where it could be. */
  layout?: TriplesLayout;
  /** The whole, where only a part of it can be a world. */
  tooLarge?: { facts: number; entities: number; relations: number };
  /** The part that was asked for, as a file of its own. */
  part?: TriplesFile;
}

export interface TriplesLayout {
  /** What was taken for granted, in words. */
  notes: readonly string[];
  /** Of subject, relation and object, from 1; null for N-Triples. */
  columns: Columns | null;
  /** What stands in the columns of the first line. */
  first: readonly string[];
}

export interface RelationPhrase {
  relation: string;
  /** As the rules or the person have it. */
  phrase: string;
  /** A question that ends with it. */
  question: string;
  /** No rule found English in it. */
  isDoubtful: boolean;
}

export interface TriplesSummary {
  facts: number;
  entities: number;
  /** Those of the file, and those that were added as their inverses. */
  relations: readonly string[];
  inverses: readonly string[];
  /** How each relation of the file reads: by rules, or by a phrase in the text. */
  phrases: readonly RelationPhrase[];
  types: number;
  /** Questions of 1, 2 and 3 hops; more than 20,000 of a length are sampled. */
  questions: readonly [number, number, number];
  examples: readonly { hops: number; question: string; answer: string }[];
  /** Of the facts, in order: comments, spaces and line ends aside. */
  hash: string;
}

/** Replicates of one sweep command at most. */
export const MAX_SWEEP_REPLICATES = 16;

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

/** Log-probabilities of one trajectory's tokens under two sets of weights; 0 where the policy wrote nothing. */
export interface Inspection {
  /** The update after which the present weights were read. */
  update: number;
  /** (T) under the present weights. */
  current: Float32Array<ArrayBuffer>;
  /** (T) under the frozen base policy, which the KL term refers to. */
  reference: Float32Array<ArrayBuffer>;
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
  /** Why the weights do not fit; null where they do. */
  | { type: 'vetted'; id: number; message: string | null; hint: string }
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
  | { type: 'triplesRead'; id: number; reading: TriplesReading }
  /** The doctor's report so far, as text. */
  | { type: 'examining'; text: string }
  | { type: 'examined'; text: string; healthy: boolean }
  /** The run was paused by a breakpoint, in words; `update` is the one that met it. */
  | { type: 'breakpoint'; runId: number; update: number; reason: string }
  /** A pinned question asked with the weights after `batch.update`: one group, with the same random numbers every time. */
  | { type: 'pinned'; runId: number; id: number; batch: TrajectoryBatch }
  | { type: 'checkpoint'; runId: number; update: number; bytes: ArrayBuffer; weightsHash: string }
  /** Something a person can act on. `fatal` means that the run cannot go on; `smaller`: what may go on where this does not. */
  | { type: 'error'; runId: number; message: string; hint: string; fatal: boolean; smaller?: RunConfig };

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
