import { MemoryLines } from './lines';
import type { LineBatch } from './line-pool';
import { RowSink } from './row-sink';
import type { SunkPart } from './row-sink';

const LINE = 10;

/** What a reader on another thread does with a batch. */
export function readBatch({ file, bytes, first }: LineBatch): SunkPart {
  const lines = new MemoryLines(bytes.length);
  const sink = new RowSink(lines);
  sink.begin(file);
  const texts = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split('\n');
  let from = 0;
  for (let k = 0; from < bytes.length; k += 1) {
    const end = bytes.indexOf(LINE, from);
    sink.text(bytes.subarray(from, end), 'line', first + k, texts[k] ?? null);
    from = end + 1;
  }
  return sink.part(lines.drain());
}
