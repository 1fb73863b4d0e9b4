/** What is looked at whole or side by side, by where it lies: in the file on screen, in a second one, or in what is kept of the run. */
import type { SideName } from '../../recordings/decode-trajectory';

export type WhichFile = 'shown' | 'other';

/** A row of a file's table. */
export interface RowRef {
  file: WhichFile;
  row: number;
}

export interface KeptRef {
  file: 'run';
  /** The pinned question whose answer it is; null for a trajectory of the training. */
  pin: number | null;
  update: number;
  /** Row number within the update. */
  row: number;
}

export type TrajectoryRef = RowRef | KeptRef;

/** A training step of a file, null for all of it. */
export interface SetRef {
  file: WhichFile;
  step: number | null;
}

export type Compared =
  /** One trajectory, word for word. */
  | { kind: 'whole'; of: TrajectoryRef; side: SideName }
  /** Every answer to the question of one trajectory. */
  | { kind: 'answers'; from: TrajectoryRef }
  | { kind: 'pair'; refs: readonly [TrajectoryRef, TrajectoryRef] }
  /** The second one is null until it is chosen. */
  | { kind: 'sets'; refs: readonly [SetRef, SetRef | null] };
