import { MemoryLines } from './lines';
import type { LineBatch } from './line-pool';
import { RowSink } from './row-sink';
import type { SunkPart } from './row-sink';

const LINE = 10;

/** What a reader on another thread does with a batch. */
export function readBatch({ file, bytes, first }: LineBatch): SunkPart {
  const lines = new MemoryLines();
  const sink = new RowSink(lines);
  sink.begin(file);
  let number = first;
  for (let from = 0; from < bytes.length; number += 1) {
    const end = bytes.indexOf(LINE, from);
    sink.text(bytes.subarray(from, end), 'line', number);
    from = end + 1;
  }
  return sink.part(lines.drain());
}
