/** The page's end of the reading worker. */
import { UserError } from '../lib/assert';
import type { ReadProgress, RolloutFile } from './read-file';
import type { ReaderMessage } from './worker';

export interface Reading {
  /** @throws UserError where the file cannot be shown */
  done: Promise<RolloutFile>;
  /** Ends the worker; `done` is then never settled. */
  cancel(): void;
}

export function openRolloutFile(file: File, onProgress: (progress: ReadProgress) => void): Reading {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const done = new Promise<RolloutFile>((resolve, reject) => {
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
      reject(new UserError(`${file.name} could not be read: ${event.message}`, 'Reload the page and try again.'));
    });
    worker.postMessage(file);
  });
  return { done, cancel: () => worker.terminate() };
}
