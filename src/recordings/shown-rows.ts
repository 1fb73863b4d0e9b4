/**
 * The rows on screen, whatever they come from: an update of the engine, or a file. Lists, filters and boards read the numbers;
 * what a row says in words is decoded by its `RowViews` when it is looked at.
 */
import type { BatchSummary } from './batch-summary';
import type { FileTokens, SideName, TokenView, TrajectoryView } from './decode-trajectory';
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
  /** What else a file tells of its rows; an update of the engine has none. */
  facets?: RowFacets;
}

/** One thing by which rows differ: each has one of its values. */
export interface Facet {
  id: string;
  label: string;
  values: readonly FacetValue[];
  /** (N) place in `values`; where a row may have several, a bit for each. */
  codes: Uint8Array | Uint32Array;
  several?: true;
}

export function hasValue({ codes, several }: Facet, row: number, value: number): boolean {
  const code = codes[row] ?? 0;
  return several ? ((code >> value) & 1) === 1 : code === value;
}

export interface FacetValue {
  /** The same whatever rows are shown. */
  key: string;
  label: string;
}

export interface RowFacets {
  facets: readonly Facet[];
  /** (N) training step (-1 unknown), length and number of searches, for orders. */
  steps: Int32Array;
  lengths: Uint32Array;
  searches: Uint16Array;
  /** (N) 1 where the answer stands in none of its passages; null where a world of ours knows the evidence. */
  ungrounded: Uint8Array | null;
}

/** The rows in words, decoded when they are asked for. */
export interface RowViews {
  /** @param place of the row in the arrays */
  at(place: number): TrajectoryView;
  /** Everything that a person can read in a row, in lower case, for the search. */
  textOf(place: number): string;
  /** 1 for each place that contains words: where the text lies elsewhere, it is looked through there. */
  find?: ((words: string) => Promise<Uint8Array>) | undefined;
  /** The right answer. */
  answerOf(trajectory: TrajectoryView): string;
  /** The tokens of one side; none where only text was recorded. */
  tokensOf(trajectory: TrajectoryView, side: SideName): TokenView[];
  /** Those that another trainer's file has, read when they are asked for; null where it has none. */
  fileTokens?(trajectory: TrajectoryView): Promise<FileTokens | null>;
}
