import type { CutSweep, TrajectorySide } from '../../trainer/protocol/protocol';
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Rendered } from '../../rollouts/live/compare-rendered';
import type { LiveRollout } from '../../rollouts/live/open-rollout';
import type { RegenerateFrom } from '../../rollouts/live/regenerate';

/** What became of a draft, or of a branch, after a cut that a person made. */
export interface LabBranch {
  id: number;
  /** The branch that was cut; null for the draft. */
  parent: number | null;
  /** Cut before this step, or within it where a token was put there. */
  step: number;
  replicate: number;
  /** Tokens that a person put at a position, where the branch goes on from within a step. */
  forced: { position: number; tokens: readonly number[] } | null;
  /** The update after which the weights that regenerated it were read, and the one whose weights were wanted. */
  update: number;
  wanted: number | null;
  /** Empty where a model server regenerated it: then it is a text. */
  side: TrajectorySide;
  live?: LiveText;
  /** What was cut, and the branch as its final trajectory. */
  view: TrajectoryView;
}

/** What a model server wrote, and how it was asked. */
export interface LiveText {
  /** All that stands behind the prompt, what was kept included. */
  text: string;
  model: string;
  seed: bigint;
  /** What a person put there: a query, passages, a word; '' for a cut alone. */
  note: string;
  /** Where the model went on. */
  from: RegenerateFrom;
}

/** One regeneration of a sweep. */
export interface LiveRow {
  text: string;
  reward: number | null;
  em: number | null;
}

/** A rollout of a file on the bench, which a model server goes on from. */
export interface LiveBench {
  model: string;
  rollout: LiveRollout;
  /** What lies on the bench, behind the prompt. */
  text: string;
  /** The draft with its reward by the rule of its regenerations. */
  view: TrajectoryView;
  /** What is there of a sweep, by cut and replicate, and what was asked for. */
  rows: ReadonlyMap<string, LiveRow>;
  wanted: number;
  /** Of replicate 0. */
  seed: bigint;
  /** The key of the row on screen, where a question of a person lies here in its place. */
  asked: string | null;
  /** Of a chat: whether the server renders it as the file has it. */
  rendered: Rendered | null;
  /** The model's own choice as a refiner: accept, then each cut. */
  review: LiveReview | null;
}

export interface LiveReview {
  /** Probability of accept and of each cut. */
  chances: readonly number[];
  /** How they were had. */
  by: 'text' | 'next' | 'samples';
  /** The cut that it makes: 0 where accepting is likelier than all cuts together by the margin. */
  cut: number;
}

/** Whose weights regenerate: those of the update on screen, while they are kept, or the present ones. */
export type LabWeights = 'shown' | 'present';

export interface LabState {
  /** Which trajectory the lab is about. Everything below is of it alone. */
  key: string | null;
  /** The trajectory itself: a batch of one row. */
  root: StoredBatch | null;
  /** Where its question was pinned, null if it is no pinned question's. */
  pin: { update: number; group: number } | null;
  /** What lies on the bench to be cut: the root, or a branch as a draft of its own; `at` is that branch. */
  draft: StoredBatch | null;
  at: number | null;
  weights: LabWeights;
  /** Where the scissors are: before this step. */
  step: number;
  sweep: CutSweep | null;
  /** Ids of what was asked and not yet answered. */
  sweepAsked: number | null;
  cutAsked: number | null;
  /** All branches, and the one of what lies on the bench that is shown beside it. */
  branches: readonly LabBranch[];
  branch: LabBranch | null;
  refusal: { message: string; hint: string } | null;
  /** Where a model server regenerates. */
  live: LiveBench | null;
}

export const EMPTY_LAB: LabState = {
  key: null,
  root: null,
  pin: null,
  draft: null,
  at: null,
  weights: 'shown',
  step: 1,
  sweep: null,
  sweepAsked: null,
  cutAsked: null,
  branches: [],
  branch: null,
  refusal: null,
  live: null,
};
