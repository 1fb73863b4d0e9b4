import type { CutSweep } from '../trainer/protocol';
import type { TrajectoryView } from './decode';
import type { StoredBatch } from './stored-batch';

/** What became of the draft after a cut that a person made. */
export interface LabBranch {
  id: number;
  step: number;
  replicate: number;
  /** The update after which the weights that regenerated it were read. */
  update: number;
  /** The draft, and the branch as its final trajectory. */
  view: TrajectoryView;
}

export interface LabState {
  /** The draft on the bench: a batch of one row. Answers below are of it alone. */
  draft: StoredBatch | null;
  /** Where the scissors are: before this step. */
  step: number;
  sweep: CutSweep | null;
  /** Ids of what was asked and not yet answered. */
  sweepAsked: number | null;
  cutAsked: number | null;
  branch: LabBranch | null;
  refusal: { message: string; hint: string } | null;
}

export const EMPTY_LAB: LabState = {
  draft: null,
  step: 1,
  sweep: null,
  sweepAsked: null,
  cutAsked: null,
  branch: null,
  refusal: null,
};
