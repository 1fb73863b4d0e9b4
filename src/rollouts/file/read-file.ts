/** Files of trajectories, recognised by their content, as one table; trainers write one file a step. */
import { assert, UserError } from '../../lib/assert';
import { FileHash } from '../containers/file-hash';
import { fnv1a64Hex } from '../../lib/hash';
import { packedPieces } from '../containers/container';
import type { SourceFile } from '../containers/container';
import { CHECK_SUM, GzipStream } from '../containers/gzip';
import { AnyText } from '../containers/any-text';
import { goesBeside, tokensBeside, tokenTable } from '../containers/token-table';
import { readLine } from '../reading/read-line';
import { HeldLines, MemoryLines } from './lines';
import type { Lines, Span } from './lines';
import { LineBatches } from './line-pool';
import type { LinePool } from './line-pool';
import type { Rollout } from '../reading/record';
import { RowSink } from './row-sink';
import type { SkippedLine } from './row-sink';
import type { RowTable } from './row-table';

export type { SourceFile } from '../containers/container';
export type { SkippedLine } from './row-sink';

export interface RolloutFile {
  name: string;
  /** Of the bytes of the file as they lie on disk; of several files, of theirs in order; null while they are still being written. */
  hash: string | null;
  /** The rows as JSON; the table says where each lies. */
  lines: Lines;
  table: RowTable;
  skipped: number;
  /** The first 1000 of them. */
  skips: SkippedLine[];
  /** Bare NaN and Infinity, read as unknown. */
  unknownNumbers: number;
  /** Why reading ended before the file did, null where it did not. */
  cutOff: string | null;
}

export interface ReadProgress {
  /** Bytes of the files as they lie on disk. */
  read: number;
  rows: number;
  skipped: number;
}

/** What was read, but for the lines, which whoever reads keeps. */
export type ReadFile = Omit<RolloutFile, 'lines'>;

/** @throws UserError where there is no trajectory in them, or they are too large */
export async function readRolloutFiles(
  files: readonly SourceFile[],
  onProgress?: (progress: ReadProgress) => void,
): Promise<RolloutFile> {
  const lines = new MemoryLines();
  const read = await readInto(new RowSink(lines), files, null, onProgress);
  return { ...read, lines: new HeldLines(lines.drain()) };
}

/**
 * @param pool that reads lines beside this thread, null where there is none
 * @param onProgress called after each chunk
 * @throws UserError where there is no trajectory in them, or they are too large
 */
export async function readInto(
  sink: RowSink,
  files: readonly SourceFile[],
  pool: LinePool | null,
  onProgress: (progress: ReadProgress) => void = () => undefined,
): Promise<ReadFile> {
  const name = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const broken: string[] = [];
  const hashes: string[] = [];
  let before = 0;
  for (const file of files) {
    const beside = tokensBeside(file, files);
    const tokens = beside === undefined ? null : await tokenTable(beside);
    sink.begin(file.name, 0, tokens);
    const hash = new FileHash(file);
    const told = (read: number): void =>
      onProgress({ read: before + read, rows: sink.builder.count, skipped: sink.skipped });
    // Others do not have the numbers of its tokens; and those are rows of no file.
    const alone = tokens === null ? pool : null;
    const trouble =
      goesBeside(file, files) && (await tokenTable(file)) !== null
        ? null
        : await readOne(file, sink, told, hash, alone);
    sink.end();
    before += file.size;
    hashes.push(await hash.finish());
    if (trouble !== null) broken.push(trouble);
  }
  const { skips, skipped, unknownNumbers, builder } = sink;
  if (builder.count === 0) {
    const [skip] = skips;
    const why = broken[0] ?? (skip ? `${placeOf(skip)}: ${skip.reason}.` : 'it is empty.');
    throw new UserError(
      // What it begins with may be a file's name.
      `No trajectory found in ${name}. ${skip?.line === 0 || broken[0] !== undefined ? why : capital(why)}`,
      'docs/formats.md, Rollouts of LLMs, has what is read, with all keys.',
    );
  }
  const cutOff = broken.length > 0 ? broken.join(' ') : null;
  const [only = ''] = hashes;
  const hash = hashes.length === 1 ? only : fnv1a64Hex(new TextEncoder().encode(hashes.join('\n')));
  return { name, hash, table: builder.finish(), skipped, skips, unknownNumbers, cutOff };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Containers whose code is loaded when one comes, by their first bytes. */
const PACKED = [
  {
    mark: [0x50, 0x41, 0x52, 0x31],
    load: async () => (await import('../containers/parquet-rows')).readParquet,
  },
  {
    mark: [0x50, 0x4b, 3, 4],
    load: async () => (await import('../containers/zip-rows')).readZip,
  },
  {
    mark: [0x28, 0xb5, 0x2f, 0xfd],
    load: async () => (await import('../containers/zstd-rows')).readZstd,
  },
];

/** `line 3`, `entry 2`; the file where it is about all of it. */
export function placeOf({ file, line, unit }: SkippedLine): string {
  return line === 0 ? file : `${unit} ${line}`;
}

/** @returns why reading ended before the file did, null where it did not */
export async function readOne(
  file: SourceFile,
  sink: RowSink,
  onRead: (read: number) => void = () => undefined,
  hash: FileHash | null = null,
  pool: LinePool | null = null,
): Promise<string | null> {
  const batches = pool && new LineBatches(pool, sink, file.name);
  const rows = new AnyText({
    text: (bytes, unit, number) => {
      if (batches && unit === 'line') batches.add(bytes, number);
      else sink.text(bytes, unit, number);
    },
    row: (row, unit, number) => sink.row(row, unit, number, 0),
    skip: (unit, number, reason) => sink.skip(unit, number, reason),
  });
  const take = (chunk: Uint8Array): void => {
    sink.unpacked(chunk.length, file.size);
    rows.push(chunk);
  };
  const after = (): string => `after ${rows.count} ${rows.rows}`;
  let unpack: GzipStream | null = null;
  let read = 0;
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const packed = read === 0 ? PACKED.find(({ mark }) => mark.every((byte, k) => value[k] === byte)) : undefined;
    if (packed) {
      await reader.cancel();
      const trouble = await (await packed.load())(file, sink, onRead);
      return trouble === null ? null : `${file.name} ${trouble}.`;
    }
    if (read === 0 && value[0] === 0x1f && value[1] === 0x8b) unpack = new GzipStream(take);
    hash?.push(value);
    const before = read;
    read += value.length;
    try {
      if (unpack) {
        let at = before;
        for (const piece of packedPieces(value)) {
          unpack.push(piece);
          at += piece.length;
          if (at < read) onRead(at);
        }
      } else take(value);
    } catch (error) {
      await reader.cancel();
      if (error instanceof UserError) throw error;
      rows.end();
      await batches?.end();
      return `${file.name} is damaged ${after()}.`;
    }
    if (batches) await batches.room();
    onRead(read);
  }
  let trouble: string | null = null;
  try {
    unpack?.end();
  } catch (error) {
    const damaged = error instanceof Error && error.message === CHECK_SUM;
    trouble = damaged ? `is damaged: ${CHECK_SUM}` : `ends in the middle, ${after()}`;
  }
  if (rows.end()) trouble ??= `ends in the middle, ${after()}`;
  await batches?.end();
  return trouble === null ? null : `${file.name} ${trouble}.`;
}

type OfFile = Pick<RolloutFile, 'lines' | 'table'>;

/** A row's Rollout again, from the line that was kept. */
export function rolloutAt(file: OfFile, row: number): Rollout {
  return readLine(lineAt(file, row));
}

/** A row as it stands in the file, or as JSON where it was packed or in a shape of its own. It has been fetched. */
export function lineAt(file: OfFile, row: number): string {
  const line = lineAtHand(file, row);
  assert(line !== null, `Row ${row} was not fetched.`);
  return line;
}

export function lineAtHand({ lines, table }: OfFile, row: number): string | null {
  return lines.at(spanOf(table, row));
}

export function spanOf({ offsets, lengths }: RowTable, row: number): Span {
  return { offset: offsets[row] ?? 0, length: lengths[row] ?? 0 };
}
