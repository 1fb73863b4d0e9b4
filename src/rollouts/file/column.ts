/** Columns of numbers that grow: a row of a file is a few bytes in each, and no object. */

export interface NumberArray {
  [index: number]: number;
  readonly length: number;
  readonly buffer: ArrayBufferLike;
  set: (values: ArrayLike<number>, at?: number) => void;
  subarray: (from: number, to: number) => ArrayLike<number>;
}

const FIRST_LENGTH = 1024;

export class Column<A extends NumberArray> {
  /** For who puts values of many rows into many columns: one place that stores into arrays of all kinds is slow. */
  values: A;

  constructor(private readonly make: (length: number) => A) {
    this.values = make(FIRST_LENGTH);
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  put(index: number, value: number): void {
    this.reserve(index + 1);
    const values: NumberArray = this.values;
    values[index] = value;
  }

  /** Many at once, from `index` on. */
  copy(index: number, from: ArrayLike<number>): void {
    this.reserve(index + from.length);
    this.values.set(from, index);
  }

  /** Those of the first rows. */
  upTo(length: number): A {
    this.reserve(length);
    const taken = this.make(length);
    taken.set(this.values.subarray(0, length));
    return taken;
  }

  /** Those of some rows, in their order. */
  gather(rows: ArrayLike<number>): A {
    let same = 0;
    while (same < rows.length && rows[same] === same) same += 1;
    // As most files have them.
    if (same === rows.length) return this.upTo(same);
    const gathered = this.make(rows.length);
    const into: NumberArray = gathered;
    for (let k = 0; k < rows.length; k += 1) into[k] = this.values[rows[k] ?? 0] ?? 0;
    return gathered;
  }

  /** Makes room for so many rows. */
  reserve(length: number): void {
    if (length <= this.values.length) return;
    const grown = this.make(Math.max(length, 2 * this.values.length));
    grown.set(this.values);
    this.values = grown;
  }
}
