/** Files of trajectories, plain or gzip, line by line as they stream in; verl and TRL write one file a step. */
import { Gunzip } from 'fflate';
import { UserError } from '../lib/assert';
import { readLine } from './read-line';
import { SkippedRow } from './record';
import { RowTableBuilder } from './row-table';
import type { RowTable } from './row-table';

/** Unpacked bytes that are kept at most. */
export const MAX_BYTES = 1 << 30;
/** Skipped lines that are told one by one. */
const TOLD_SKIPS = 1000;

export interface SkippedLine {
  file: string;
  /** From 1. */
  line: number;
  reason: string;
}

export interface RolloutFile {
  name: string;
  /** What was in the files, unpacked; the table says where the lines lie. */
  bytes: Uint8Array<ArrayBuffer>;
  table: RowTable;
  skipped: number;
  /** The first 1000 of them. */
  skips: SkippedLine[];
  /** Why reading ended before the file did, null where it did not. */
  cutOff: string | null;
}

export interface ReadProgress {
  /** Bytes of the files as they lie on disk. */
  read: number;
  rows: number;
  skipped: number;
}

export interface SourceFile {
  name: string;
  size: number;
  stream: () => ReadableStream<Uint8Array>;
}

/**
 * @param onProgress called after each chunk
 * @throws UserError where there is no trajectory in them, or they are too large
 */
export async function readRolloutFiles(
  files: readonly SourceFile[],
  onProgress: (progress: ReadProgress) => void = () => undefined,
): Promise<RolloutFile> {
  const lines = new LineReader(files.reduce((sum, { size }) => sum + size, 0));
  const name = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const broken: string[] = [];
  let before = 0;
  for (const file of files) {
    lines.begin(file.name);
    const trouble = await readOne(file, lines, (read) =>
      onProgress({ read: before + read, rows: lines.builder.count, skipped: lines.skipped }),
    );
    lines.end();
    before += file.size;
    if (trouble !== null) broken.push(trouble);
  }
  const { skips, skipped, builder, bytes } = lines;
  if (builder.count === 0) {
    const why = broken[0] ?? (skips[0] ? `Line ${skips[0].line}: ${skips[0].reason}.` : 'It is empty.');
    throw new UserError(
      `No trajectory found in ${name}. ${why}`,
      'It takes one JSON object a line: docs/formats.md, Rollouts of LLMs, has all keys.',
    );
  }
  return { name, bytes, table: builder.finish(), skipped, skips, cutOff: broken.length > 0 ? broken.join(' ') : null };
}

/** @returns why reading ended before the file did, null where it did not */
async function readOne(file: SourceFile, lines: LineReader, onRead: (read: number) => void): Promise<string | null> {
  let unpack: Gunzip | null = null;
  let read = 0;
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (read === 0 && value[0] === 0x1f && value[1] === 0x8b) {
      // The browser's own DecompressionStream takes one gzip member; `npm run experiment` writes one after the other.
      unpack = new Gunzip((chunk) => lines.push(chunk));
    }
    read += value.length;
    try {
      if (unpack) unpack.push(value, false);
      else lines.push(value);
    } catch (error) {
      await reader.cancel();
      if (error instanceof UserError) throw error;
      return `${file.name} is damaged after ${lines.line} lines.`;
    }
    onRead(read);
  }
  try {
    unpack?.push(new Uint8Array(0), true);
  } catch {
    return `${file.name} ends in the middle, after ${lines.line} lines.`;
  }
  return null;
}

class LineReader {
  bytes: Uint8Array<ArrayBuffer>;
  size = 0;
  line = 0;
  skipped = 0;
  readonly skips: SkippedLine[] = [];
  readonly builder = new RowTableBuilder();
  private file = '';
  private start = 0;
  private readonly decoder = new TextDecoder();

  constructor(expected: number) {
    this.bytes = new Uint8Array(Math.min(MAX_BYTES, Math.max(1024, expected)));
  }

  begin(file: string): void {
    this.file = file;
    this.line = 0;
    this.start = this.size;
  }

  push(chunk: Uint8Array): void {
    const needed = this.size + chunk.length;
    if (needed > MAX_BYTES) {
      throw new UserError('The file is larger than 1 GB unpacked.', 'Split it, for example by training step.');
    }
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.min(MAX_BYTES, Math.max(needed, 2 * this.bytes.length)));
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    this.bytes.set(chunk, this.size);
    const from = this.size;
    this.size = needed;
    let at = from;
    for (;;) {
      const end = this.bytes.subarray(at, this.size).indexOf(10);
      if (end < 0) break;
      this.take(at + end);
      at += end + 1;
    }
  }

  /** The last line needs no line break. */
  end(): void {
    if (this.start < this.size) this.take(this.size);
  }

  private take(end: number): void {
    const { start } = this;
    this.start = end + 1;
    this.line += 1;
    const line = this.decoder.decode(this.bytes.subarray(start, end));
    if (line.trim() === '') return;
    try {
      this.builder.add(readLine(line), start, end - start, this.line);
    } catch (error) {
      const reason = reasonOf(error);
      this.skipped += 1;
      if (this.skips.length < TOLD_SKIPS) this.skips.push({ file: this.file, line: this.line, reason });
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SkippedRow) return error.message;
  // A hostile line may nest deeper than any stack.
  if (error instanceof RangeError) return 'nested too deeply';
  throw error;
}

/** A row's Rollout again, from the bytes that were kept. */
export function rolloutAt({ bytes, table }: Pick<RolloutFile, 'bytes' | 'table'>, row: number) {
  return readLine(lineAt({ bytes, table }, row));
}

/** A row as it stands in the file. */
export function lineAt({ bytes, table }: Pick<RolloutFile, 'bytes' | 'table'>, row: number): string {
  const start = table.offsets[row] ?? 0;
  return new TextDecoder().decode(bytes.subarray(start, start + (table.lengths[row] ?? 0)));
}
