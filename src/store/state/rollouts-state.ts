/** An opened file of trajectories: what the page says of it, and what lies beside the store. */
import type { EvidenceRule } from '../../rollouts/reading/record';
import type { RolloutFile } from '../../rollouts/file/read-file';
import type { RowViews, ShownRows } from '../../recordings/shown-rows';
import type { ListQuery } from './row-list';
import type { Selection } from './selection';

export interface RolloutStepRange {
  /** Training step, -1 where the file does not tell. */
  step: number;
  /** Rows [from, to) of the table. */
  from: number;
  to: number;
}

export interface OpenedRollouts {
  name: string;
  /** Of its bytes; null while they are still being written. */
  hash: string | null;
  rows: number;
  groups: number;
  steps: readonly RolloutStepRange[];
  /** The step that is listed; null lists all. */
  step: number | null;
  skipped: number;
  /** The first of them: where (numbers from 1, 0 for the whole file), and why. */
  skips: readonly { file: string; line: number; unit: string; reason: string }[];
  /** Bare NaN and Infinity, read as unknown. */
  unknownNumbers: number;
  cutOff: string | null;
  /** Rows whose exact match is unknown, whose reward is, and whose reward is computed. */
  unknownEm: number;
  unknownRewards: number;
  computedRewards: number;
  /** Rows by what their evidence is judged by. */
  rules: Partial<Record<EvidenceRule, number>>;
}

/** A folder that is followed while a trainer writes it. */
export interface Following {
  name: string;
  files: number;
  /** The page goes on to each new step; else it stays where a person put it. */
  newest: boolean;
  /** What is not as it was. */
  remarks: readonly string[];
}

/** A file that a link names and cannot hold, and what it shows of it. */
export interface WantedRollouts {
  name: string;
  hash: string;
  /** The training step that is listed; null lists all. */
  trainingStep: number | null;
  /** Its row is one of the whole file. */
  selection: Selection | null;
  list: ListQuery;
}

export interface RolloutsState {
  /** A file that is being read. */
  reading: { name: string; size: number; read: number; rows: number; skipped: number } | null;
  /** The file on screen. */
  file: OpenedRollouts | null;
  /** A second one, to compare with. */
  other: OpenedRollouts | null;
  /** Whose files these are, while they are still being written. */
  following: Following | null;
  /** What a link asks for, until it is there. */
  wanted: WantedRollouts | null;
}

export const NO_ROLLOUTS: RolloutsState = { reading: null, file: null, other: null, following: null, wanted: null };

/** What a file on screen consists of. */
export interface RolloutShelf {
  file: RolloutFile;
  /** All rows, whatever is listed: places are rows of the table. */
  whole: Pick<RolloutShelf, 'shown' | 'views'>;
  shown: ShownRows;
  views: RowViews;
  /** The rows of one step, or of all. */
  choose(step: number | null): Pick<RolloutShelf, 'shown' | 'views'>;
  /** What each step came to. */
  statistics(): readonly StepStatistics[];
}

export interface StepStatistics {
  step: number;
  rows: number;
  groups: number;
  /** Groups whose rewards are all equal. */
  equalGroups: number;
  /** Means over the rows of which it is known, NaN where there are none. */
  emDraft: number;
  emFinal: number;
  reward: number;
  density: number;
  /** Shares of all rows; null where nothing was reviewed. */
  cut: number | null;
  saved: number | null;
  harmed: number | null;
}

export interface RolloutsHolder {
  shelf: RolloutShelf | null;
  other: RolloutShelf | null;
  /** Ends the reading that is under way. */
  cancel: (() => void) | null;
  /** Ends the following of a folder. */
  stopFollowing: (() => void) | null;
}

/** The step that a trainer wrote last. */
export function newestStep({ steps }: OpenedRollouts): number | null {
  return steps.at(-1)?.step ?? null;
}

/** Row of the file's table that stands at place 0. */
export function firstRow({ steps, step }: OpenedRollouts): number {
  return steps.find((entry) => entry.step === step)?.from ?? 0;
}
