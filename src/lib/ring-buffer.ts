import { assert } from './assert';

/** The last `capacity` numbers of a series, oldest first; pushing to a full one forgets the oldest. */
export class RingBuffer {
  readonly capacity: number;
  private readonly values: Float64Array;
  private pushed = 0;

  constructor(capacity: number) {
    assert(Number.isInteger(capacity) && capacity > 0, `ring buffer capacity ${capacity} is not a positive integer`);
    this.capacity = capacity;
    this.values = new Float64Array(capacity);
  }

  /** How many values it holds, 0 .. capacity. */
  get length(): number {
    return Math.min(this.pushed, this.capacity);
  }

  push(value: number): void {
    this.values[this.pushed % this.capacity] = value;
    this.pushed += 1;
  }

  /** The value at `index`, 0 = oldest, negative from the end; undefined outside. */
  at(index: number): number | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    return this.values[(this.pushed - this.length + place) % this.capacity];
  }

  clear(): void {
    this.pushed = 0;
  }

  /** A copy, oldest first. */
  toArray(): Float64Array {
    const start = (this.pushed - this.length) % this.capacity;
    const copy = new Float64Array(this.length);
    const head = this.values.subarray(start, Math.min(start + this.length, this.capacity));
    copy.set(head);
    copy.set(this.values.subarray(0, this.length - head.length), head.length);
    return copy;
  }
}
