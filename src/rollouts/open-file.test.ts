import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../lib/assert';
import { openRolloutFiles } from './open-file';
import { FakeWorker } from '../testing/page/fake-worker';

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
    expect(worker.posted).toEqual([{ type: 'read', files, helpers: [] }]);
    worker.say({ type: 'progress', progress: { read: 1, rows: 0, skipped: 0 } });
    expect(worker.terminate).not.toHaveBeenCalled();
    worker.say({ type: 'done', file: { name: 'a.jsonl' }, bytes: Uint8Array.of(97, 98) });
    const file = await done;
    expect(file).toMatchObject({ name: 'a.jsonl' });
    expect(file?.lines.at({ offset: 1, length: 1 })).toBe('b');
    expect(onProgress.mock.calls).toEqual([[{ read: 1, rows: 0, skipped: 0 }]]);
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });

  it('asks for the lines of a large file when they are wanted, and looks for words where they lie', async () => {
    const { done } = openRolloutFiles([new File(['{}'], 'a.jsonl')], vi.fn());
    worker.say({ type: 'done', file: { name: 'a.jsonl' }, bytes: null });
    const lines = (await done)?.lines;
    const span = { offset: 7, length: 3 };
    expect(lines?.at(span)).toBeNull();
    const fetched = lines?.fetch([span]);
    expect(worker.posted.at(-1)).toEqual({ type: 'fetch', id: 0, spans: [span] });
    const found = lines?.find?.('oslo');
    expect(worker.posted.at(-1)).toEqual({ type: 'find', id: 1, table: 0, words: 'oslo' });
    worker.say({ type: 'hits', id: 1, hits: Uint8Array.of(0, 1) });
    worker.say({ type: 'lines', id: 0, lines: ['abc'] });
    await fetched;
    expect(lines?.at(span)).toBe('abc');
    expect(await found).toEqual(Uint8Array.of(0, 1));
    // What is at hand is not asked for again.
    await lines?.fetch([span]);
    expect(worker.posted).toHaveLength(3);
    const refused = lines?.fetch([{ offset: 10, length: 1 }]);
    worker.say({ type: 'refused', id: 2, message: 'It is not there any more.', hint: 'Open it again.' });
    await expect(refused).rejects.toEqual(new UserError('It is not there any more.', 'Open it again.'));
    expect(worker.terminate).not.toHaveBeenCalled();
    lines?.close();
    expect(worker.posted.at(-1)).toEqual({ type: 'close' });
  });

  it('has others help with a large file, until it is read or given up', async () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
    const large = new File([], 'a.jsonl');
    Object.defineProperty(large, 'size', { value: 50_000_000 });
    const { done, cancel } = openRolloutFiles([large], vi.fn());
    const helps = worker.posted.filter((message) => JSON.stringify(message).includes('"help"'));
    expect(helps.length).toBeGreaterThan(0);
    const port: unknown = expect.any(MessagePort);
    expect(worker.posted.at(-1)).toMatchObject({ type: 'read', helpers: helps.map(() => port) });
    cancel();
    expect(await done).toBeNull();
    expect(worker.terminate).toHaveBeenCalledTimes(1 + helps.length);
    vi.unstubAllGlobals();
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

  it('ends a worker that nothing comes of, and says so', async () => {
    vi.useFakeTimers();
    const { done } = openRolloutFiles([new File(['{}'], 'a.jsonl')], vi.fn());
    const told = expect(done).rejects.toThrow('“a.jsonl” was given up: nothing came of it for 2 minutes.');
    vi.advanceTimersByTime(120_000);
    await told;
    expect(worker.terminate).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

  it('gives back nothing once it is cancelled', async () => {
    const { done, cancel } = openRolloutFiles([], vi.fn());
    cancel();
    expect(await done).toBeNull();
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });
});
