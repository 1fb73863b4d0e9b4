/** What is in a page of Parquet, against what the page counts, before it is decoded. Layout: Encodings.md of parquet-format. */
import type { DataReader, Encoding, ParquetType } from 'hyparquet';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readVarInt } from 'hyparquet/src/thrift.js';

/** Values that a packed run may have beyond the last: 63 groups of 8, the most that writers put together. */
const PADDING = 504;

/** A page that contradicts itself, the index of its file or its size. */
export class PageFault extends Error {}

export function expectPage(holds: boolean, why: string): asserts holds {
  if (!holds) throw new PageFault(why);
}

/**
 * Leaves the reader behind the levels.
 *
 * @param max the deepest; 0 has no levels
 * @param length of the levels, where their own does not stand before them
 * @returns how many of the values are there, not null
 */
export function checkLevels(reader: DataReader, max: number, count: number, length?: number): number {
  if (max === 0) return count;
  const width = 32 - Math.clz32(max);
  checkRuns({ ...reader }, width, count, length);
  const levels = new Array<number>(count);
  readRleBitPackedHybrid(reader, width, levels, length);
  return levels.reduce((sum, level) => sum + Number(level === max), 0);
}

/** @param count of values that are there */
export function checkValues(
  reader: DataReader,
  encoding: Encoding,
  type: ParquetType,
  count: number,
  unpacked: (bytes: number) => void,
): void {
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY' || encoding === 'RLE') {
    if (type === 'BOOLEAN') {
      checkRuns(reader, 1, count);
      return;
    }
    const width = count === 0 ? 0 : reader.view.getUint8(reader.offset++);
    expectPage(width <= 32, `a page has numbers of ${width} bits`);
    if (width > 0) checkRuns(reader, width, count, reader.view.byteLength - reader.offset);
  } else if (encoding.startsWith('DELTA_')) checkDelta(reader, encoding, type, count, unpacked);
  else {
    // Of these each value takes room in the page, so that its size bounds their number.
    const isFixed = encoding === 'PLAIN' || encoding === 'BYTE_STREAM_SPLIT';
    expectPage(isFixed && count <= 8 * (reader.view.byteLength - reader.offset), `a page of ${encoding} is not read`);
  }
}

/** Runs of one value, or of values that are packed: together as many as are counted. @param length as above */
function checkRuns(reader: DataReader, width: number, count: number, length?: number): void {
  const { view } = reader;
  if (length === undefined) {
    length = view.getUint32(reader.offset, true);
    reader.offset += 4;
  }
  const end = reader.offset + length;
  expectPage(end <= view.byteLength, 'a page says that its runs are longer than it is');
  let seen = 0;
  while (seen < count) {
    expectPage(reader.offset < end, `a page of ${count} values has runs of ${seen}`);
    const header = readVarInt(reader);
    const isPacked = (header & 1) === 1;
    const run = isPacked ? (header >> 1) * 8 : header >>> 1;
    const most = count - seen + (isPacked ? PADDING : 0);
    expectPage(run >= 0 && run <= most, `a page of ${count} values has a run of ${run} after ${seen}`);
    reader.offset += isPacked ? (run * width) / 8 : (width + 7) >> 3;
    expectPage(reader.offset <= end, 'a page says that its runs are longer than it is');
    seen += run;
  }
}

function checkDelta(
  reader: DataReader,
  encoding: Encoding,
  type: ParquetType,
  count: number,
  unpacked: (bytes: number) => void,
): void {
  if (count === 0) return;
  checkBlocks(reader);
  if (encoding === 'DELTA_BINARY_PACKED' && type === 'INT64') return;
  const first = new Int32Array(count);
  deltaBinaryUnpack(reader, count, first);
  if (encoding !== 'DELTA_BYTE_ARRAY') return;
  // Texts that begin as the one before them: each is copied whole.
  checkBlocks(reader);
  const rest = new Int32Array(count);
  deltaBinaryUnpack(reader, count, rest);
  let before = 0;
  first.forEach((prefix, i) => {
    const suffix = rest[i] ?? 0;
    expectPage(prefix >= 0 && prefix <= before && suffix >= 0, 'a text begins with more than the one before it has');
    before = prefix + suffix;
    if (prefix > 0) unpacked(before);
  });
}

/** With none in a block, or fewer, the decoder would not come to an end. */
function checkBlocks({ view, offset }: DataReader): void {
  const reader = { view, offset };
  const [block, parts] = [readVarInt(reader), readVarInt(reader)];
  const isWhole = block > 0 && parts > 0 && block % parts === 0 && parts <= view.byteLength - reader.offset;
  expectPage(isWhole, `a page has blocks of ${block} values in ${parts} parts`);
}
