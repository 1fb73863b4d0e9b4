/**
 * Reads files of rollouts beside the page: progress while it reads, then their table and, where they are small, their lines; else
 * it hands those out and looks through them for as long as the page wants. Or follows a folder, which it looks at whenever the
 * page says so. Or reads lines for another one. One worker, as the readers are most of it.
 */
import { UserError } from '../lib/assert';
import { Follower } from './follow/follower';
import type { FolderNews, FollowProgress } from './follow/follower';
import { handleFolder } from './follow/handle-folder';
import { serverFolder } from './follow/server-folder';
import { DiskLines, MOST_ON_DISK, openDisk } from './file/disk-lines';
import { findLines } from './file/find-lines';
import type { LinePlaces } from './file/find-lines';
import { MAX_BYTES, RowSink } from './file/row-sink';
import type { Span } from './file/lines';
import type { ReadFile, ReadProgress } from './file/read-file';
import { readInto } from './file/read-file';
import { tableBuffers } from './file/row-table';
import { helpers, serveBatches } from './helpers';

export type ReaderMessage =
  | { type: 'progress'; progress: ReadProgress }
  /** `bytes` of all lines; null where they are to be asked for. */
  | { type: 'done'; file: ReadFile; bytes: Uint8Array<ArrayBuffer> | null }
  | { type: 'failed'; message: string; hint: string }
  | Answer;
/** What was asked by a number. */
export type Answer =
  | { type: 'lines'; id: number; lines: readonly string[] }
  | { type: 'hits'; id: number; hits: Uint8Array }
  | { type: 'refused'; id: number; message: string; hint: string };
export type ToReader =
  | { type: 'read'; files: readonly File[]; helpers: readonly MessagePort[] }
  | { type: 'help'; port: MessagePort }
  | { type: 'fetch'; id: number; spans: readonly Span[] }
  | { type: 'find'; id: number; words: string; table: number }
  | { type: 'close' };

/** A folder that was chosen, or the one that the page's server hands out. */
export type FollowSource = { handle: FileSystemDirectoryHandle } | { url: string; name: string };
export type ToFollower = { type: 'follow'; source: FollowSource } | { type: 'look' };
export type FollowerMessage =
  | { type: 'progress'; progress: FollowProgress }
  /** @param look its number */
  | { type: 'news'; news: FolderNews; look: number }
  | { type: 'failed'; message: string; hint: string };

/** Between two reports, so that the page has time to draw. */
const PROGRESS_MS = 200;

// The DOM's types know `self` as a window; in here it is a worker's.
const send = (message: ReaderMessage | FollowerMessage, transfer: Transferable[] = []): void =>
  self.postMessage(message, { transfer });

let follower: Promise<Follower> | null = null;
let looks = 0;
/** Lines on disk, and where they lie by each table that the page may still have. */
let kept: { lines: DiskLines; places: ReadonlyMap<number, LinePlaces> } | null = null;
self.addEventListener('message', ({ data }: MessageEvent<ToReader | ToFollower>) => {
  if (data.type === 'read') void read(data.files, data.helpers);
  else if (data.type === 'help') serveBatches(data.port);
  else if (data.type === 'follow') {
    follower = openDisk().then((disk) => new Follower(folderOf(data.source), disk));
  } else if (data.type === 'look') {
    if (follower !== null) void look(follower);
  } else if (data.type === 'close') void close();
  else answer(data);
});

function folderOf(source: FollowSource): ReturnType<typeof serverFolder> {
  return 'handle' in source ? handleFolder(source.handle) : serverFolder(source.url, source.name);
}

async function look(followed: Promise<Follower>): Promise<void> {
  let told = performance.now();
  try {
    const at = await followed;
    const news = await at.look((progress) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      send({ type: 'progress', progress });
    });
    const { fresh } = news;
    const moves = fresh?.moves ? [fresh.moves.buffer] : [];
    const bytes = fresh?.bytes ? [fresh.bytes.buffer] : [];
    looks += 1;
    const lines = at.farLines;
    if (fresh !== null && lines !== null) {
      const before = [...(kept?.places ?? [])].slice(-1);
      kept = { lines, places: new Map([...before, [looks, placesOf(fresh.table)]]) };
    }
    send({ type: 'news', news, look: looks }, fresh ? [...bytes, ...moves, ...tableBuffers(fresh.table)] : []);
  } catch (error) {
    send({ type: 'failed', ...reasonOf(error, 'folder', 'What was read stays. Follow it again to go on.') });
  }
}

async function read(files: readonly File[], ports: readonly MessagePort[]): Promise<void> {
  let told = 0;
  const disk = await openDisk();
  const lines = new DiskLines(disk);
  const sink = new RowSink(lines, disk === null ? MAX_BYTES : MOST_ON_DISK);
  try {
    const file = await readInto(sink, files, helpers(ports), (progress) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      send({ type: 'progress', progress });
    });
    const bytes = lines.inMemory();
    if (bytes === null) kept = { lines, places: new Map([[0, placesOf(file.table)]]) };
    else await lines.remove();
    send({ type: 'done', file, bytes }, [...(bytes ? [bytes.buffer] : []), ...tableBuffers(file.table)]);
  } catch (error) {
    await lines.remove();
    send({ type: 'failed', ...reasonOf(error, 'file', 'Is it still there?') });
  }
}

/** The table itself goes to the page. */
function placesOf({ offsets, lengths }: LinePlaces): LinePlaces {
  return { offsets: offsets.slice(), lengths: lengths.slice() };
}

function answer(asked: Extract<ToReader, { id: number }>): void {
  if (kept === null) return;
  const { id } = asked;
  const { lines, places } = kept;
  try {
    if (asked.type === 'find') {
      const where = places.get(asked.table);
      const hits = where === undefined ? new Uint8Array(0) : findLines(lines.read, where, asked.words);
      send({ type: 'hits', id, hits });
    } else {
      const decoder = new TextDecoder();
      const texts = asked.spans.map(({ offset, length }) => decoder.decode(lines.read(offset, offset + length)));
      send({ type: 'lines', id, lines: texts });
    }
  } catch (error) {
    send({ type: 'refused', id, ...reasonOf(error, 'text', 'Open the file again.') });
  }
}

async function close(): Promise<void> {
  await kept?.lines.remove();
  self.close();
}

function reasonOf(error: unknown, what: string, hint: string): { message: string; hint: string } {
  if (error instanceof UserError) return { message: error.message, hint: error.hint ?? '' };
  const why = error instanceof Error ? error.message : String(error);
  return { message: `The ${what} could not be read: ${why}`, hint };
}
