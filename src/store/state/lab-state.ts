import type { CutSweep, TrajectorySide } from '../../trainer/protocol/protocol';
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import type { StoredBatch } from '../../recordings/stored-batch';

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
  side: TrajectorySide;
  /** What was cut, and the branch as its final trajectory. */
  view: TrajectoryView;
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
};
