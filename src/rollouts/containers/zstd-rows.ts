/** Zstandard around any text, as rows. Loaded when one comes. */
import { Decompress } from 'fzstd';
import { UserError } from '../../lib/assert';
import { AnyText } from './any-text';
import type { TextTaker } from './any-text';
import { packedPieces } from './container';
import type { RowTaker, SourceFile } from './container';

/** @returns why reading ended before the file did, null where it did not */
export async function readZstd(
  file: SourceFile,
  taker: RowTaker & Pick<TextTaker, 'skip'>,
  onRead: (read: number) => void = () => undefined,
): Promise<string | null> {
  const rows = new AnyText({
    text: (bytes, unit, number) => taker.text(bytes, unit, number),
    row: (row, unit, number) => taker.row(row, unit, number, 0),
    skip: (unit, number, reason) => taker.skip(unit, number, reason),
  });
  const ended = { whole: false };
  const unpack = new Decompress((chunk, final) => {
    taker.unpacked(chunk.length, file.size);
    ended.whole = final ?? false;
    rows.push(Uint8Array.from(chunk));
  });
  const reader = file.stream().getReader();
  let read = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const piece of packedPieces(value)) {
        unpack.push(piece);
        read += piece.length;
        onRead(read);
      }
    }
    unpack.push(new Uint8Array(0), true);
  } catch (error) {
    await reader.cancel();
    if (error instanceof UserError) throw error;
    rows.end();
    return `is damaged or ends in the middle, after ${rows.count} ${rows.rows}`;
  }
  return rows.end() || !ended.whole ? `ends in the middle, after ${rows.count} ${rows.rows}` : null;
}
