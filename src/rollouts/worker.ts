/**
 * Reads files of rollouts beside the page: progress while it reads, then the bytes and their table, or why there are none. Or
 * follows a folder, which it looks at whenever the page says so. One worker, as the readers are most of it.
 */
import { UserError } from '../lib/assert';
import { Follower } from './follow/follower';
import type { FolderNews, FollowProgress } from './follow/follower';
import { handleFolder } from './follow/handle-folder';
import { serverFolder } from './follow/server-folder';
import { readRolloutFiles } from './file/read-file';
import type { ReadProgress, RolloutFile } from './file/read-file';
import { tableBuffers } from './file/row-table';

export type ReaderMessage =
  | { type: 'progress'; progress: ReadProgress }
  | { type: 'done'; file: RolloutFile }
  | { type: 'failed'; message: string; hint: string };

/** A folder that was chosen, or the one that the page's server hands out. */
export type FollowSource = { handle: FileSystemDirectoryHandle } | { url: string; name: string };
export type ToFollower = { type: 'follow'; source: FollowSource } | { type: 'look' };
export type FollowerMessage =
  | { type: 'progress'; progress: FollowProgress }
  | { type: 'news'; news: FolderNews }
  | { type: 'failed'; message: string; hint: string };

/** Between two reports, so that the page has time to draw. */
const PROGRESS_MS = 100;

// The DOM's types know `self` as a window; in here it is a worker's.
const send = (message: ReaderMessage | FollowerMessage, transfer: Transferable[] = []): void =>
  self.postMessage(message, { transfer });

let follower: Follower | null = null;
self.addEventListener('message', ({ data }: MessageEvent<readonly File[] | ToFollower>) => {
  if (!('type' in data)) void read(data);
  else if (data.type === 'follow') follower = new Follower(folderOf(data.source));
  else if (follower !== null) void look(follower);
});

function folderOf(source: FollowSource): ReturnType<typeof serverFolder> {
  return 'handle' in source ? handleFolder(source.handle) : serverFolder(source.url, source.name);
}

async function look(at: Follower): Promise<void> {
  let told = performance.now();
  try {
    const news = await at.look((progress) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      send({ type: 'progress', progress });
    });
    const { fresh } = news;
    const moves = fresh?.moves ? [fresh.moves.buffer] : [];
    send({ type: 'news', news }, fresh ? [fresh.bytes.buffer, ...moves, ...tableBuffers(fresh.table)] : []);
  } catch (error) {
    fail(error, 'folder', 'What was read stays. Follow it again to go on.');
  }
}

async function read(files: readonly File[]): Promise<void> {
  let told = 0;
  try {
    const done = await readRolloutFiles(files, (progress) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      send({ type: 'progress', progress });
    });
    send({ type: 'done', file: done }, [done.bytes.buffer, ...tableBuffers(done.table)]);
  } catch (error) {
    fail(error, 'file', 'Is it still there?');
  }
}

function fail(error: unknown, what: string, hint: string): void {
  if (error instanceof UserError) send({ type: 'failed', message: error.message, hint: error.hint ?? '' });
  else {
    const why = error instanceof Error ? error.message : String(error);
    send({ type: 'failed', message: `The ${what} could not be read: ${why}`, hint });
  }
}
