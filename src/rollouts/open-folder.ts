/** The page's end of the worker that follows a folder. */
import { UserError } from '../lib/assert';
import { startModuleWorker } from '../lib/module-worker';
import { watchReader } from '../lib/reader-watch';
import { FarLines } from './far-lines';
import type { Lines } from './file/lines';
import type { FolderNews, FollowProgress } from './follow/follower';
import type { Answer, FollowerMessage, FollowSource, ToFollower } from './worker';
// Only its address: the module itself runs in the worker.
import workerUrl from './worker.ts?worker&url';

export type { FollowSource } from './worker';

export interface FollowedFolder {
  /** Looks at it once, not again before that has ended. @throws UserError where nothing more can be read */
  look: (onProgress: (progress: FollowProgress) => void) => Promise<FolderNews>;
  /** Lines of the rows of the last look that came without them. */
  lines: () => Lines;
  /** No more looks; lines that lie on disk stay until they are closed. */
  stop: () => void;
}

export function openFolder(source: FollowSource): FollowedFolder {
  const worker = startModuleWorker(workerUrl);
  const send = (message: ToFollower): void => worker.postMessage(message);
  send({ type: 'follow', source });
  let far: FarLines | null = null;
  let looks = 0;
  return {
    look: (onProgress) => {
      let unwatch = (): void => undefined;
      return new Promise<FolderNews>((resolve, reject) => {
        unwatch = watchReader(worker, 'The folder', reject);
        worker.onmessage = ({ data }: MessageEvent<FollowerMessage | Answer>) => {
          if (data.type === 'progress') onProgress(data.progress);
          else if (data.type === 'news') {
            looks = data.look;
            resolve(data.news);
          } else if (data.type === 'failed') reject(new UserError(data.message, data.hint));
        };
        worker.onerror = ({ message }) => {
          reject(new UserError(`The folder could not be read: ${message}`, 'Reload the page and try again.'));
        };
        send({ type: 'look' });
      }).finally(() => unwatch());
    },
    lines: () => {
      far ??= new FarLines(worker);
      far.table = looks;
      return far;
    },
    stop: () => {
      if (far === null) worker.terminate();
    },
  };
}
