import type { LineStore } from './lines';
import { RowSink } from './row-sink';
import type { SunkPart } from './row-sink';

const LINE = 10;
/** Bytes that are decoded at once. For a megabyte a browser takes fresh memory, and three times as long. */
const PIECE = 1 << 17;

export interface LineBatch {
  /** Path of the file. */
  file: string;
  /** Lines, each with its line break. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first one. */
  first: number;
}

/** What a reader on another thread does with a batch. The lines that are kept come back in the memory that they came in. */
export function readBatch({ file, bytes, first }: LineBatch): SunkPart {
  const lines = new BatchLines(bytes);
  const sink = new RowSink(lines);
  sink.begin(file);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let number = first;
  while (lines.read < bytes.length) {
    const from = lines.read;
    const to = pieceEnd(bytes, from);
    for (const text of decoder.decode(bytes.subarray(from, to)).split('\n')) {
      if (lines.read === to) break;
      const begin = lines.read;
      const end = bytes.indexOf(LINE, begin);
      lines.read = end + 1;
      sink.text(bytes.subarray(begin, end), 'line', number, text);
      number += 1;
    }
  }
  return sink.part(lines.kept());
}

/** Behind the last line that ends within a piece, or the first one where that is longer. */
function pieceEnd(bytes: Uint8Array, from: number): number {
  if (from + PIECE >= bytes.length) return bytes.length;
  const last = bytes.lastIndexOf(LINE, from + PIECE - 1);
  return (last < from ? bytes.indexOf(LINE, from) : last) + 1;
}

/** Kept lines take the place of those that were read, which saves fresh memory for each batch. */
class BatchLines implements LineStore {
  size = 0;
  /** Bytes of the batch that were read. */
  read = 0;
  private into: Uint8Array<ArrayBuffer>;

  constructor(private readonly batch: Uint8Array<ArrayBuffer>) {
    this.into = batch;
  }

  put(bytes: Uint8Array): void {
    const needed = this.size + bytes.length;
    // What a row is kept as may be longer than the row itself.
    if (needed > (this.into === this.batch ? this.read : this.into.length)) {
      const grown = new Uint8Array(2 * Math.max(needed, this.batch.length));
      grown.set(this.into.subarray(0, this.size));
      this.into = grown;
    }
    this.into.set(bytes, this.size);
    this.size = needed;
  }

  kept(): Uint8Array<ArrayBuffer> {
    return this.into.subarray(0, this.size);
  }
}
