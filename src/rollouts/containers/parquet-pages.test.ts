/** Files whose counts do not agree, most of them by one: a valid file with a byte changed. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../../lib/assert';
import { readRolloutFiles } from '../file/read-file';
import { readParquet } from './parquet-rows';

type Bytes = Uint8Array<ArrayBuffer>;
type Columns = Parameters<typeof parquetWrite>[0]['columnData'];

const COLUMNS: Columns = [
  { name: 'question', data: ['Who?', 'Who?', 'Where?'], type: 'STRING' },
  { name: 'completion', data: ['<answer>He</answer>', '<answer>She</answer>', null], type: 'STRING' },
  { name: 'gts', data: ['He', 'She', 'Rome'], type: 'STRING' },
];

async function written(columnData = COLUMNS, codec: 'SNAPPY' | 'UNCOMPRESSED' = 'UNCOMPRESSED'): Promise<Bytes> {
  const writer = new ByteWriter();
  await parquetWrite({ writer, codec, statistics: false, columnData });
  return new Uint8Array(writer.getBuffer());
}

function source(bytes: Bytes) {
  const blob = new Blob([bytes]);
  return {
    ...{ name: 'x.parquet', size: blob.size, stream: () => blob.stream() },
    slice: (start: number, end: number) => blob.slice(start, end),
  };
}

/** Where the first data page of the first column lies, and where what is in it. */
function pageOf(bytes: Bytes): { page: number; body: number } {
  const page = Number(parquetMetadata(bytes.buffer).row_groups[0]?.columns[0]?.meta_data?.data_page_offset);
  const reader = { view: new DataView(bytes.buffer), offset: page };
  parquetHeader(reader);
  return { page, body: reader.offset };
}

/** Bytes of the page's header, after its first, and of what is in it. Numbers in a header are doubled there. */
const [UNPACKED, PACKED, VALUES, NULLS, LEVELS] = [3, 5, 8, 10, 16];

describe('pages of Parquet', () => {
  it('that agree are read', async () => {
    expect((await readRolloutFiles([source(await written())])).table.cuts).toHaveLength(2);
  });

  it.each<[what: string, change: (bytes: Bytes, page: number, body: number) => void, why: RegExp]>([
    ['a value more', (bytes, page) => (bytes[page + VALUES] = 2 * 4), /hold 4 values in 28 bytes.* says 3 in 49/],
    ['a value less', (bytes, page) => (bytes[page + VALUES] = 2 * 2), /hold 2 values.* says 3 in 3 rows/],
    ['more nulls than values', (bytes, page) => (bytes[page + NULLS] = 2 * 4), /3 values says that 4 are null/],
    ['more bytes than its column', (bytes, page) => (bytes[page + UNPACKED] = 2 * 50), /in 50 bytes.* says 3 in 49/],
    ['a byte more', (bytes, page) => (bytes[page + PACKED] = 2 * 29), /says that it is 29 bytes/],
    ['a size below zero', (bytes, page) => (bytes[page + PACKED] = 1), /says that it is -1 bytes/],
    ['levels beyond it', (bytes, page) => (bytes[page + LEVELS] = 2 * 29), /a page of 3 values says/],
    ['a run of one more', (bytes, _, body) => (bytes[body] = 2 * 4), /3 values has a run of 4 after 0/],
    ['runs of one less', (bytes, _, body) => (bytes[body] = 2 * 2), /3 values has runs of 2/],
    ['a packed run beyond its end', (bytes, _, body) => (bytes[body] = 2 * 2 + 1), /runs are longer than it is/],
  ])('are refused with the place: %s', async (_, change, why) => {
    const bytes = await written();
    const { page, body } = pageOf(bytes);
    change(bytes, page, body);
    const read = readRolloutFiles([source(bytes)]);
    await expect(read).rejects.toThrow(/x.parquet contradicts itself in row group 1, column “question”: /);
    await expect(read).rejects.toThrow(why);
  });

  it('of the older kind too, with its levels packed in', async () => {
    const bytes = new Uint8Array(readFileSync(new URL('../fixtures/pandas_plain.parquet', import.meta.url)));
    const { body } = pageOf(bytes);
    // Four bytes of length, then one run of the two rows.
    expect(bytes[body + 4]).toBe(2 * 2);
    bytes[body + 4] = 2 * 3;
    await expect(readRolloutFiles([source(bytes)])).rejects.toThrow(/a page of 2 values has a run of 3/);
  });

  it('with a column that lies elsewhere', async () => {
    const bytes = await written();
    // Fewer bytes than the index was made for.
    const short = new Uint8Array([...bytes.slice(0, 4), ...bytes.slice(60)]);
    await expect(readRolloutFiles([source(short)])).rejects.toThrow(/contradicts itself in row group 1/);
  });

  it('of texts that begin alike are counted as they become', async () => {
    const long = 'x'.repeat(1000);
    const data = Array.from({ length: 100 }, (_, k) => `${long}${k}`);
    const bytes = await written([{ name: 'question', data, type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' }]);
    expect(bytes.length).toBeLessThan(10_000);
    let counted = 0;
    const rows = { text: vi.fn(), row: vi.fn(), unpacked: (count: number) => void (counted += count) };
    expect(await readParquet(source(bytes), rows, vi.fn())).toBeNull();
    expect(counted).toBeGreaterThan(99_000);
    // Its blocks: 128 values in 4 parts.
    const { body } = pageOf(bytes);
    const at = bytes.findIndex((byte, i) => i >= body && byte === 0x80 && bytes[i + 1] === 1 && bytes[i + 2] === 4);
    bytes[at + 2] = 3;
    expect(await readParquet(source(bytes), rows, vi.fn())).toMatch(/blocks of 128 values in 3 parts/);
  });

  it('with any bytes changed are read or refused, in 10,000 cases', async () => {
    const lists = { name: 'messages', data: [[{ role: 'user', content: 'Who?' }], [], null], type: 'JSON' as const };
    const files = [await written(), await written([...COLUMNS, lists], 'SNAPPY')];
    const edit = fc.tuple(fc.noBias(fc.nat(9_999)), fc.nat(255));
    let [read, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        async (file, edits) => {
          const bytes = file.slice();
          for (const [place, byte] of edits) bytes[place % bytes.length] = byte;
          try {
            await readRolloutFiles([source(bytes)]);
            read += 1;
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
            refused += 1;
          }
        },
      ),
      { numRuns: 10_000 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(500);
  });
});
