/** Exact match of an answer; null where no right answer is known to compare with. */
export type Em = 0 | 1 | null;

/** What stands for null in a column of bytes. */
export const EM_UNKNOWN = 255;

export function emAt(column: ArrayLike<number>, row: number): Em {
  const value = column[row] ?? 0;
  return value === EM_UNKNOWN ? null : value > 0 ? 1 : 0;
}

/** Mean over those that are known; NaN where none is. */
export function meanEm(column: ArrayLike<number>): number {
  let [right, known] = [0, 0];
  for (let row = 0; row < column.length; row += 1) {
    const em = emAt(column, row);
    right += em ?? 0;
    known += Number(em !== null);
  }
  return right / known;
}
