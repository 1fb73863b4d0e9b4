/** Reads a file of rollouts beside the page: progress while it reads, then the bytes and their table, or why there are none. */
import { UserError } from '../lib/assert';
import { readRolloutFiles } from './read-file';
import type { ReadProgress, RolloutFile } from './read-file';
import { tableBuffers } from './row-table';

export type ReaderMessage =
  | { type: 'progress'; progress: ReadProgress }
  | { type: 'done'; file: RolloutFile }
  | { type: 'failed'; message: string; hint: string };

/** Between two reports, so that the page has time to draw. */
const PROGRESS_MS = 100;

// The DOM's types know `self` as a window; in here it is a worker's.
const send = (message: ReaderMessage, transfer: Transferable[] = []): void => self.postMessage(message, { transfer });

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (Array.isArray(data)) void read(data.filter((entry) => entry instanceof File));
});

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
    if (error instanceof UserError) send({ type: 'failed', message: error.message, hint: error.hint ?? '' });
    else {
      const why = error instanceof Error ? error.message : String(error);
      send({ type: 'failed', message: `The file could not be read: ${why}`, hint: 'Is it still there?' });
    }
  }
}
