/**
 * The rows on screen, whatever they come from: an update of the engine, or a file. Lists, filters and boards read the numbers;
 * what a row says in words is decoded by its `RowViews` when it is looked at.
 */
import type { BatchSummary } from './batch-summary';
import type { SideName, TokenView, TrajectoryView } from './decode';
import type { StoredBatch } from './stored-batch';

/** (N) each. */
export interface SideNumbers {
  em: Uint8Array;
  rewards: Float32Array;
  coverage: Float32Array;
  /** 1 where it ended as it should. */
  reasons: Uint8Array;
}

/** A batch of the engine has these, among others. */
export interface RowNumbers {
  update: number;
  /** Number of questions, and the questions in English. */
  prompts: number;
  questions: readonly string[];
  draft: SideNumbers;
  final: SideNumbers;
  /** (N) 0 accepted, j cut at step j. */
  cuts: Uint8Array;
  /** (N,6) log-probabilities of the first review, that of accepting first. */
  reviewLogProbs: Float32Array;
  /** (N) */
  advantages: Float32Array;
}

export interface ShownRows {
  batch: RowNumbers;
  /** Question of each place. */
  groups: ArrayLike<number>;
  /** Row numbers within the update, ascending. */
  rows: readonly number[];
  /** False once rows were dropped. */
  whole: boolean;
  hasRefiner: boolean;
  /** Counted over the whole update before anything was dropped. */
  summary: BatchSummary;
  tellingRow: number;
}

/** The rows in words, decoded when they are asked for. */
export interface RowViews {
  /** @param place of the row in the arrays */
  at(place: number): TrajectoryView;
  /** Everything that a person can read in a row, in lower case, for the search. */
  textOf(place: number): string;
  /** The right answer. */
  answerOf(trajectory: TrajectoryView): string;
  /** The tokens of one side; none where only text was recorded. */
  tokensOf(trajectory: TrajectoryView, side: SideName): TokenView[];
}

/** The batch behind the rows, where the engine sampled them: only then can it regenerate or ask weights. */
export function engineBatch(shown: ShownRows): StoredBatch | null {
  return 'positions' in shown.batch ? (shown as StoredBatch) : null;
}
