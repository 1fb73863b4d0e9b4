/** The page's end of the reading worker. */
import { UserError } from '../lib/assert';
import { startModuleWorker } from '../lib/module-worker';
import type { ReadProgress, RolloutFile } from './file/read-file';
import type { ReaderMessage } from './worker';
// Only its address: the module itself runs in the worker.
import workerUrl from './worker.ts?worker&url';

export interface Reading {
  /** null where it was cancelled. @throws UserError where the file cannot be shown */
  done: Promise<RolloutFile | null>;
  cancel: () => void;
}

export function openRolloutFiles(files: readonly File[], onProgress: (progress: ReadProgress) => void): Reading {
  const worker = startModuleWorker(workerUrl);
  let cancel = (): void => undefined;
  const done = new Promise<RolloutFile | null>((resolve, reject) => {
    cancel = () => {
      worker.terminate();
      resolve(null);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<ReaderMessage>) => {
      if (data.type === 'progress') {
        onProgress(data.progress);
        return;
      }
      worker.terminate();
      if (data.type === 'done') resolve(data.file);
      else reject(new UserError(data.message, data.hint));
    });
    worker.addEventListener('error', (event) => {
      worker.terminate();
      reject(new UserError(`The file could not be read: ${event.message}`, 'Reload the page and try again.'));
    });
    worker.postMessage(files);
  });
  return { done, cancel };
}
