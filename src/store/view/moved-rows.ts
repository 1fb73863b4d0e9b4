/** Rows that were looked at, found again in a table that has grown: by where their lines lie. */
import type { RowTable } from '../../rollouts/file/row-table';
import type { Compared, RowRef, TrajectoryRef } from '../state/compared';

/** The place of a row in the next table; null where it is gone. */
export type Moved = (row: number) => number | null;

/** @param moves of the lines before the next table was made: [from, length, ..], one behind the other */
export function movedRows(before: RowTable, next: RowTable, moves: Uint32Array | null): Moved {
  let places: Map<number, number> | null = null;
  return (row) => {
    const offset = offsetAfter(before.offsets[row] ?? 0, moves);
    places ??= new Map(Array.from(next.offsets, (at, place) => [at, place]));
    return offset === null ? null : (places.get(offset) ?? null);
  };
}

function offsetAfter(offset: number, moves: Uint32Array | null): number | null {
  if (moves === null) return offset;
  let at = 0;
  for (let k = 0; k < moves.length; k += 2) {
    if (moves[k] === offset) return at;
    at += moves[k + 1] ?? 0;
  }
  return null;
}

export function movedRef(ref: RowRef, moved: Moved): RowRef | null;
export function movedRef(ref: TrajectoryRef, moved: Moved): TrajectoryRef | null;
export function movedRef(ref: TrajectoryRef, moved: Moved): TrajectoryRef | null {
  if (ref.file !== 'shown') return ref;
  const row = moved(ref.row);
  return row === null ? null : { ...ref, row };
}

/** null where something of it is gone. */
export function movedCompared(compared: Compared, moved: Moved): Compared | null {
  if (compared.kind === 'sets') return compared;
  if (compared.kind === 'answers') {
    const from = movedRef(compared.from, moved);
    return from && { ...compared, from };
  }
  if (compared.kind === 'whole') {
    const of = movedRef(compared.of, moved);
    return of && { ...compared, of };
  }
  const [first, second] = compared.refs.map((ref) => movedRef(ref, moved));
  return first && second ? { ...compared, refs: [first, second] } : null;
}
