/** Follows a folder beside the page, which says when to look. */
import { UserError } from '../../lib/assert';
import { tableBuffers } from '../row-table';
import { Follower } from './follower';
import type { FolderNews, FollowProgress } from './follower';
import { handleFolder } from './handle-folder';
import { serverFolder } from './server-folder';

/** A folder that was chosen, or the one that the page's server hands out. */
export type FollowSource = { handle: FileSystemDirectoryHandle } | { url: string; name: string };
export type ToFollower = { type: 'follow'; source: FollowSource } | { type: 'look' };
export type FromFollower =
  | { type: 'progress'; progress: FollowProgress }
  | { type: 'news'; news: FolderNews }
  | { type: 'failed'; message: string; hint: string };

/** Between two reports, so that the page has time to draw. */
const PROGRESS_MS = 100;

const send = (message: FromFollower, transfer: Transferable[] = []): void => self.postMessage(message, { transfer });

let follower: Follower | null = null;
self.addEventListener('message', ({ data }: MessageEvent<ToFollower>) => {
  if (data.type === 'look') void look();
  else
    follower = new Follower(
      'handle' in data.source ? handleFolder(data.source.handle) : serverFolder(data.source.url, data.source.name),
    );
});

async function look(): Promise<void> {
  if (follower === null) return;
  let told = performance.now();
  try {
    const news = await follower.look((progress) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      send({ type: 'progress', progress });
    });
    const { fresh } = news;
    const moves = fresh?.moves ? [fresh.moves.buffer] : [];
    send({ type: 'news', news }, fresh ? [fresh.bytes.buffer, ...moves, ...tableBuffers(fresh.table)] : []);
  } catch (error) {
    const known = error instanceof UserError ? error : null;
    const why = error instanceof Error ? error.message : String(error);
    send({
      type: 'failed',
      message: known?.message ?? `The folder could not be read: ${why}`,
      hint: known?.hint ?? 'What was read stays. Follow it again to go on.',
    });
  }
}
