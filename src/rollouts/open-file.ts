/** The page's end of the reading worker. */
import { UserError } from '../lib/assert';
import { startModuleWorker } from '../lib/module-worker';
import { watchReader } from '../lib/reader-watch';
import { FarLines } from './far-lines';
import { HeldLines } from './file/lines';
import type { ReadProgress, RolloutFile } from './file/read-file';
import type { ReaderMessage, ToReader } from './worker';
// Only its address: the module itself runs in the worker.
import workerUrl from './worker.ts?worker&url';

export interface Reading {
  /** null where it was cancelled. @throws UserError where the file cannot be shown */
  done: Promise<RolloutFile | null>;
  cancel: () => void;
}

/** From so many bytes on, others help to read: to start a worker takes as long as to read a megabyte or two. */
const ALONE = 4_000_000;
const MOST_HELPERS = 4;

export function openRolloutFiles(files: readonly File[], onProgress: (progress: ReadProgress) => void): Reading {
  const worker = startModuleWorker(workerUrl);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const channels = Array.from(
    { length: size < ALONE ? 0 : Math.min(MOST_HELPERS, Math.max(1, navigator.hardwareConcurrency - 1)) },
    () => new MessageChannel(),
  );
  const helpers = channels.map(({ port1 }) => {
    const helper = startModuleWorker(workerUrl);
    helper.postMessage({ type: 'help', port: port1 } satisfies ToReader, [port1]);
    return helper;
  });
  const ports = channels.map(({ port2 }) => port2);
  let unwatch = (): void => undefined;
  const end = (): void => {
    unwatch();
    for (const helper of helpers) helper.terminate();
  };
  let cancel = (): void => undefined;
  const done = new Promise<RolloutFile | null>((resolve, reject) => {
    cancel = () => {
      end();
      worker.terminate();
      resolve(null);
    };
    const fail = (why: UserError): void => {
      end();
      worker.terminate();
      reject(why);
    };
    unwatch = watchReader(worker, files.length === 1 ? `“${files[0]?.name ?? ''}”` : `${files.length} files`, fail);
    worker.addEventListener('message', ({ data }: MessageEvent<ReaderMessage>) => {
      if (data.type === 'progress') onProgress(data.progress);
      else if (data.type === 'done') {
        end();
        if (data.bytes) worker.terminate();
        const lines = data.bytes ? new HeldLines(data.bytes) : new FarLines(worker);
        resolve({ ...data.file, lines });
      } else if (data.type === 'failed') fail(new UserError(data.message, data.hint));
    });
    for (const one of [worker, ...helpers]) {
      one.addEventListener('error', (event) => {
        fail(new UserError(`The file could not be read: ${event.message}`, 'Reload the page and try again.'));
      });
    }
    worker.postMessage({ type: 'read', files, helpers: ports } satisfies ToReader, ports);
  });
  return { done, cancel };
}
