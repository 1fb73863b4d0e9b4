/**
 * Parquet as rows of JSON's kinds of values. Loaded when such a file comes. TRL and ART write it, and so does whoever keeps
 * rollouts in pandas, polars, DuckDB or Hugging Face's datasets, each with its own compression and its own way to say nothing.
 */
import { decompress } from 'fzstd';
import { parquetMetadataAsync, parquetReadObjects, parquetSchema, snappyUncompress } from 'hyparquet';
import type { AsyncBuffer, Compressors, SchemaTree } from 'hyparquet';
import { decompressBrotli } from 'hyparquet-compressors/src/brotli.js';
import { gunzip } from 'hyparquet-compressors/src/gzip.js';
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors/src/lz4.js';
import { UserError } from '../../lib/assert';
import { isArray, isObject, parsed, parsedLoosely } from '../text/json';
import type { JsonObject } from '../text/json';
import { isMessages } from '../reading/messages';
import type { RowTaker, SourceFile } from './container';
import { checkPages } from './parquet-pages';
import { PageFault } from './parquet-runs';

/** Without them polars' files (Zstandard) would not open. */
const COMPRESSORS = {
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
  GZIP: (input, length) => gunzip(input, new Uint8Array(length)),
  BROTLI: decompressBrotli,
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
  SNAPPY: (input, length) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  },
} satisfies Compressors;

/** Rows that writers put together at most: DuckDB takes 122,880, pyarrow a million. */
const MOST_ROWS = 4_000_000;
/** Lists of numbers that mean something here; others (token ids, log-probabilities) are left in the file. */
const NUMBER_LISTS = /^(advantages?|scores?|rewards?|useful|search_labels|process_labels|step)$/;
const NUMBERS = ['INT32', 'INT64', 'FLOAT', 'DOUBLE', 'BOOLEAN', 'INT96'];
/** What pandas keeps of its index, and pictures. */
const NO_COLUMNS = /^(__index_level_\d+__|images?)$/;
/** Texts that datasets made of lists, where a column was of mixed kinds. */
const CHATS = ['prompt', 'completion', 'messages'];

/**
 * @param onRead bytes so far
 * @returns why reading ended before the file did, null where it did not
 */
export async function readParquet(
  file: SourceFile,
  rows: RowTaker,
  onRead: (read: number) => void,
): Promise<string | null> {
  const buffer = await bufferOf(file);
  const unpacked = (bytes: number): void => rows.unpacked(bytes, file.size);
  let row = 0;
  let groups = 0;
  try {
    const metadata = await parquetMetadataAsync(buffer, INDEX);
    const schema = parquetSchema(metadata);
    const columns = columnsOf(schema);
    if (columns.length === 0) return 'has no column of text or numbers';
    for (const group of metadata.row_groups) {
      groups += 1;
      const count = Number(group.num_rows);
      if (!(count >= 0 && count <= MOST_ROWS)) return `says that ${count} rows lie together, after ${row} rows`;
      await checkPages(buffer, schema, group, columns, COMPRESSORS, unpacked);
      const rowEnd = row + count;
      const options = {
        file: buffer,
        metadata,
        columns,
        rowStart: row,
        rowEnd,
        compressors: COMPRESSORS,
        parsers: PARSERS,
      };
      for (const found of await parquetReadObjects(options)) {
        row += 1;
        const numbers = { unknown: 0 };
        rows.row(rowOf(found, numbers), 'row', row, numbers.unknown);
      }
      row = rowEnd;
      onRead(metadata.num_rows === 0n ? file.size : (file.size * row) / Number(metadata.num_rows));
    }
    return null;
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof PageFault) return `contradicts itself in row group ${groups}, ${error.message}`;
    const why = error instanceof Error ? error.message : String(error);
    // Two wordings of one fault.
    const short = /footer|too short|metadata length|offset|bounds|out of range|invalid typed array length/i.test(why);
    return short ? `is too short or cut off, after ${row} rows` : `cannot be read as Parquet after ${row} rows: ${why}`;
  }
}

/** What a table of token numbers has, and no completion beside it. */
const TOKEN_COLUMNS = ['sample_index', 'response_length', 'tokens', 'loss_mask', 'rollout_log_probs'];

/** Rows by `sample_index`; null where the file is another, or cannot be read. */
export async function readTokenColumns(file: SourceFile): Promise<ReadonlyMap<number, JsonObject> | null> {
  const buffer = await bufferOf(file);
  try {
    const metadata = await parquetMetadataAsync(buffer, INDEX);
    const schema = parquetSchema(metadata);
    const names = schema.children.map(({ element }) => element.name);
    const columns = names.filter((name) => TOKEN_COLUMNS.includes(name));
    if (!columns.includes('sample_index') || !columns.includes('tokens')) return null;
    for (const group of metadata.row_groups)
      await checkPages(buffer, schema, group, columns, COMPRESSORS, () => undefined);
    const found = await parquetReadObjects({
      file: buffer,
      metadata,
      columns,
      compressors: COMPRESSORS,
      parsers: PARSERS,
    });
    const count = { unknown: 0 };
    return new Map(
      found.flatMap((one) => {
        const { sample_index: index, ...numbers } = rowOf(one, count);
        return typeof index === 'number' ? [[index, numbers] as const] : [];
      }),
    );
  } catch {
    return null;
  }
}

async function bufferOf(file: SourceFile): Promise<AsyncBuffer> {
  const { size } = file;
  // Called as the file's own methods: a Blob's know no other way.
  const slice = file.slice?.bind(file);
  if (slice) return { byteLength: size, slice: (from, to = size) => slice(from, to).arrayBuffer() };
  const whole = await new Response(file.stream()).arrayBuffer();
  return { byteLength: whole.byteLength, slice: (from, to) => whole.slice(from, to) };
}

function columnsOf(schema: SchemaTree): string[] {
  return schema.children
    .filter((column) => {
      const { name } = column.element;
      const leaves = leavesOf(column);
      if (NO_COLUMNS.test(name) || leaves.some(({ element }) => element.converted_type === 'INTERVAL')) return false;
      const numbers = leaves.every(({ element }) => NUMBERS.includes(element.type ?? ''));
      return column.children.length === 0 || !numbers || NUMBER_LISTS.test(name);
    })
    .map(({ element }) => element.name);
}

function leavesOf(node: SchemaTree): SchemaTree[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}

const TEXT = new TextDecoder();
const PARSERS = {
  /** Not JSON.parse: one cell with NaN, or an empty one, would end the reading. */
  jsonFromBytes: (bytes: Uint8Array | undefined): unknown => {
    if (bytes === undefined) return null;
    const source = TEXT.decode(bytes);
    return source.trim() === '' ? null : (parsedLoosely(source)?.value ?? source);
  },
};

/** Columns of maps are no rollouts, and the search for them does not end where a column says that it has -1 children. */
const INDEX = { parsers: PARSERS, geoparquet: false };

function rowOf(found: JsonObject, count: { unknown: number }): JsonObject {
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, cell]) => {
      const value = plain(cell, count);
      const chat =
        CHATS.includes(key) && typeof value === 'string' && value.startsWith('[') ? parsed(value) : undefined;
      return value === null ? [] : [[nameOf(key), isMessages(chat) ? chat : value] as const];
    }),
  );
}

/** pandas' columns of several levels: ('reward', 'em') is reward_em. */
function nameOf(key: string): string {
  const levels = /^\(('.*')\)$/.exec(key)?.[1];
  if (levels === undefined) return key;
  return [...levels.matchAll(/'([^']*)'/g)]
    .map(([, level = '']) => level)
    .filter((level) => level !== '')
    .join('_');
}

/** A cell as JSON has it. Keys without a value are left out: structs are unified over rows and have them all. */
function plain(cell: unknown, count: { unknown: number }): unknown {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell.toString();
  if (typeof cell === 'number' && !Number.isFinite(cell)) {
    count.unknown += 1;
    return null;
  }
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  if (cell instanceof Uint8Array) return TEXT.decode(cell);
  if (isArray(cell)) return cell.map((entry) => plain(entry, count));
  if (!isObject(cell)) return cell ?? null;
  return Object.fromEntries(
    Object.entries(cell).flatMap(([key, entry]) => {
      const value = plain(entry, count);
      return value === null ? [] : [[key, value] as const];
    }),
  );
}
