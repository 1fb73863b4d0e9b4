import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { measureWaits } from './queue-waits';

/** A queue that looks for finished work each `intervalMs`, and `atSubmitMs` after each submit where that is a number. */
class SlowQueue {
  readonly __brand = 'GPUQueue';
  readonly label = '';
  submits = 0;
  private awaited: (() => void)[] = [];

  constructor(
    intervalMs: number,
    private readonly atSubmitMs: number | null,
  ) {
    setInterval(() => this.look(), intervalMs);
  }

  submit(): undefined {
    this.submits += 1;
    // Nothing is told of what is asked for later.
    if (this.atSubmitMs !== null) {
      const told = this.awaited.splice(0);
      setTimeout(() => told.forEach((tell) => tell()), this.atSubmitMs);
    }
    return undefined;
  }

  onSubmittedWorkDone(): Promise<undefined> {
    return new Promise((resolve) => this.awaited.push(() => resolve(undefined)));
  }

  private look(): void {
    this.awaited.splice(0).forEach((tell) => tell());
  }

  writeBuffer = () => undefined;
  writeTexture = () => undefined;
  copyExternalImageToTexture = () => undefined;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Milliseconds on the clock of the test until it resolves. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const end = work().then(() => performance.now());
  await vi.advanceTimersByTimeAsync(1000);
  return (await end) - start;
}

async function measured(queue: SlowQueue) {
  let waits: Awaited<ReturnType<typeof measureWaits>> | undefined;
  await timed(async () => {
    waits = await measureWaits(queue);
  });
  if (waits === undefined) throw new Error('It was measured.');
  return waits;
}

it('prompts a queue that looks ten times a second, while anything is awaited and no longer', async () => {
  const queue = new SlowQueue(100, 0);
  const waits = await measured(queue);
  const idle = vi.getTimerCount();
  const before = queue.submits;
  expect(await timed(() => waits.until(queue.onSubmittedWorkDone()))).toBeLessThan(10);
  expect(queue.submits).toBeGreaterThan(before);
  // Two at once share the timer; one that breaks off lets go of it too.
  const both = [waits.until(queue.onSubmittedWorkDone()), waits.until(Promise.reject(new Error('lost')))] as const;
  expect(vi.getTimerCount()).toBe(idle + 1);
  await expect(both[1]).rejects.toThrow('lost');
  expect(vi.getTimerCount()).toBe(idle + 1);
  await timed(() => both[0]);
  const after = queue.submits;
  expect(vi.getTimerCount()).toBeLessThanOrEqual(idle + 1);
  await vi.advanceTimersByTimeAsync(200);
  expect(queue.submits).toBe(after);
});

it.each([
  ['that tells at once', 1, 0],
  ['whose interval no submit shortens', 100, null],
  ['that is slow in an interval and at submits alike', 40, 35],
])('leaves a queue alone %s', async (_, intervalMs, atSubmitMs) => {
  const queue = new SlowQueue(intervalMs, atSubmitMs);
  const waits = await measured(queue);
  const before = queue.submits;
  await timed(() => waits.until(queue.onSubmittedWorkDone()));
  expect(queue.submits).toBe(before);
});

it('costs two submits where the queue tells at once', async () => {
  const queue = new SlowQueue(1, 0);
  await measured(queue);
  expect(queue.submits).toBe(2);
});
