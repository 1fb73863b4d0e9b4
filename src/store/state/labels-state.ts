/** What a person said of the rows on screen, as lists and panels show it. The labels themselves: src/store/files/labels/labels.ts. */
import type { Facet, ShownRows } from '../../recordings/shown-rows';

/** What a row of the list says of its labels and notes. */
export interface RowSaid {
  /** Labels, and "note" where there is one. */
  text: string;
  /** The same of a step, by its side and number: "draft 2". */
  steps: Readonly<Record<string, string>>;
}

export interface LabelsShown {
  /** What all of this is about; of other rows it says nothing. */
  rows: ShownRows;
  said: ReadonlyMap<number, RowSaid>;
  /** null where nothing was said of any row. */
  facet: Facet | null;
  /** Every label that is used here, for suggestions. */
  names: readonly string[];
  /** Why nothing is kept beyond this page; null where it is. */
  problem: string | null;
  /** Grows with each change. */
  version: number;
}
