/**
 * The rows on screen, whatever they come from: an update of the engine, or a file. Lists, filters and boards read the numbers;
 * what a row says in words is decoded by its `RowViews` when it is looked at.
 */
import type { BatchSummary } from './batch-summary';
import type { SideName, TokenView, TrajectoryView } from './decode-trajectory';
import type { RowNumbers } from './row-numbers';

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
