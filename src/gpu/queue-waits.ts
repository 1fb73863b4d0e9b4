import { median } from '../lib/stats';

/**
 * How what the queue tells is awaited. An implementation may look for finished work only now and then, and whenever something is
 * submitted: Firefox ten times a second, so that each result costs 100 ms on any adapter. There an empty submit every few
 * milliseconds, while anything is awaited, brings the word early.
 */
export interface QueueWaits {
  /** What `done` resolves to, as early as the queue can be made to tell it. */
  until<T>(done: Promise<T>): Promise<T>;
}

/** Browsers make a timer of a worker wait 4 ms at least, once it is nested. */
const PROMPT_MS = 4;
/** A queue that tells an empty submit within this needs no help; one that looks ten times a second takes 100. */
const SLOW_MS = 30;

/** Waits for a queue by what it does: measured, in some milliseconds where it tells at once. */
export async function measureWaits(queue: GPUQueue): Promise<QueueWaits> {
  const plain: QueueWaits = { until: (done) => done };
  // It ends when the queue has just looked, so that the next ones see the whole of its interval.
  await emptyWait(queue, plain);
  let alone = await emptyWait(queue, plain);
  if (alone >= SLOW_MS) alone = Math.min(alone, await emptyWait(queue, plain));
  if (alone < SLOW_MS) return plain;
  const prompting = promptingWaits(queue);
  const prompted: number[] = [];
  for (let i = 0; i < 3; i++) prompted.push(await emptyWait(queue, prompting));
  return median(prompted) < alone / 2 ? prompting : plain;
}

async function emptyWait(queue: GPUQueue, waits: QueueWaits): Promise<number> {
  const start = performance.now();
  queue.submit([]);
  await waits.until(queue.onSubmittedWorkDone());
  return performance.now() - start;
}

function promptingWaits(queue: GPUQueue): QueueWaits {
  let awaited = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    async until(done) {
      awaited += 1;
      timer ??= setInterval(() => queue.submit([]), PROMPT_MS);
      try {
        return await done;
      } finally {
        awaited -= 1;
        if (awaited === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      }
    },
  };
}
