/** The numbers of all rows of a file, column by column; what a row says in words stays in the file until it is shown. */
import type { Remark } from '../reading/remarks';
import type { FaultColumns } from './row-faults';

/** What lists and boards need of one side. (N) each. */
export interface SideColumns {
  /** 0, 1 or EM_UNKNOWN. */
  em: Uint8Array;
  /** NaN where unknown. */
  rewards: Float32Array;
  coverage: Float32Array;
  /** Mean u_i over its searches, 0 without one. */
  density: Float32Array;
  /** 1 where it ended with an answer, as the engine's END_REASONS count; 6 elsewhere. */
  reasons: Uint8Array;
  /** Steps that search. */
  searches: Uint16Array;
  /** From its first step to the end of its last, passages included; `sizeUnit` says of what. */
  sizes: Uint32Array;
}

/** N rows, sorted by step, then group, then place in the file. */
export interface RowTable {
  /** (N) first byte of the line and its length. */
  offsets: Uint32Array;
  lengths: Uint32Array;
  /** (N) number of the line in its file, from 1. */
  lines: Uint32Array;
  /** (N) training step, -1 where the file does not tell. */
  steps: Int32Array;
  /** (N) number of the group, ascending. */
  groups: Uint32Array;
  /** Question of each group. */
  questions: string[];
  draft: SideColumns;
  final: SideColumns;
  /** (N) 0 accepted, j cut at step j; 255 stands for any later step. */
  cuts: Uint8Array;
  /** (N) log-probability of accepting, 0 where nothing reviewed. */
  acceptLogProbs: Float32Array;
  /** (N) as given, else normalised within the group; NaN where the row has none, or a reward of its group is unknown. */
  advantages: Float32Array;
  reviewAdvantages: Float32Array;
  /** Of the final sides. */
  faults: FaultColumns;
  /** By row: what a person said of it, in the file. */
  remarks: ReadonlyMap<number, readonly Remark[]>;
  /** Whether any row was reviewed. */
  reviewed: boolean;
  /** Rows whose exact match is unknown, whose reward is, and whose reward is computed. */
  unknownEm: number;
  unknownRewards: number;
  computedRewards: number;
  /** What `sizes` count: tokens in our own files, else characters; mixed where a file has both. */
  sizeUnit: 'tokens' | 'characters' | 'mixed';
}

export function tableBuffers(table: RowTable): ArrayBuffer[] {
  return [table, table.draft, table.final, table.faults].flatMap((part) =>
    Object.values(part).flatMap((value: unknown) =>
      ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
    ),
  );
}
