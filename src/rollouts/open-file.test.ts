import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../lib/assert';
import { openRolloutFiles } from './open-file';

/** A worker that says what a test lets it say. */
class FakeWorker extends EventTarget {
  readonly posted: unknown[] = [];
  readonly terminate = vi.fn();

  postMessage(data: unknown): void {
    this.posted.push(data);
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

let worker = new FakeWorker();
vi.mock('../lib/module-worker', () => ({ startModuleWorker: () => worker }));

describe('openRolloutFiles', () => {
  beforeEach(() => {
    worker = new FakeWorker();
  });

  it('hands the files to a worker, tells its progress and gives back what it read', async () => {
    const files = [new File(['{}'], 'a.jsonl')];
    const onProgress = vi.fn();
    const { done } = openRolloutFiles(files, onProgress);
    expect(worker.posted).toEqual([files]);
    worker.say({ type: 'progress', progress: { read: 1, rows: 0, skipped: 0 } });
    expect(worker.terminate).not.toHaveBeenCalled();
    worker.say({ type: 'done', file: { name: 'a.jsonl' } });
    expect(await done).toEqual({ name: 'a.jsonl' });
    expect(onProgress.mock.calls).toEqual([[{ read: 1, rows: 0, skipped: 0 }]]);
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });

  it('says why a file cannot be shown, and what to do', async () => {
    const { done } = openRolloutFiles([], vi.fn());
    worker.say({ type: 'failed', message: 'It is empty.', hint: 'Take another.' });
    await expect(done).rejects.toEqual(new UserError('It is empty.', 'Take another.'));
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });

  it('says that the worker broke', async () => {
    const { done } = openRolloutFiles([], vi.fn());
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(done).rejects.toThrow('The file could not be read: out of memory');
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });

  it('gives back nothing once it is cancelled', async () => {
    const { done, cancel } = openRolloutFiles([], vi.fn());
    cancel();
    expect(await done).toBeNull();
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });
});
