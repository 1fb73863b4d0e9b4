/** The page's end of the worker that follows a folder. */
import { UserError } from '../lib/assert';
import { startModuleWorker } from '../lib/module-worker';
import { watchReader } from '../lib/reader-watch';
import type { FolderNews, FollowProgress } from './follow/follower';
import type { FollowerMessage, FollowSource, ToFollower } from './worker';
// Only its address: the module itself runs in the worker.
import workerUrl from './worker.ts?worker&url';

export type { FollowSource } from './worker';

export interface FollowedFolder {
  /** Looks at it once, not again before that has ended. @throws UserError where nothing more can be read */
  look: (onProgress: (progress: FollowProgress) => void) => Promise<FolderNews>;
  stop: () => void;
}

export function openFolder(source: FollowSource): FollowedFolder {
  const worker = startModuleWorker(workerUrl);
  const send = (message: ToFollower): void => worker.postMessage(message);
  send({ type: 'follow', source });
  return {
    look: (onProgress) => {
      let unwatch = (): void => undefined;
      return new Promise<FolderNews>((resolve, reject) => {
        unwatch = watchReader(worker, 'The folder', reject);
        worker.onmessage = ({ data }: MessageEvent<FollowerMessage>) => {
          if (data.type === 'progress') onProgress(data.progress);
          else if (data.type === 'news') resolve(data.news);
          else reject(new UserError(data.message, data.hint));
        };
        worker.onerror = ({ message }) => {
          reject(new UserError(`The folder could not be read: ${message}`, 'Reload the page and try again.'));
        };
        send({ type: 'look' });
      }).finally(() => unwatch());
    },
    stop: () => worker.terminate(),
  };
}
