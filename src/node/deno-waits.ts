/**
 * How Deno awaits a queue (2.9.6, ext/webgpu): the call of `mapAsync` or `onSubmittedWorkDone` itself stands still until everything
 * submitted is done, and the promise that it returns then sleeps for 10 ms. Here the call comes once the program has nothing else to
 * do, so that it records while the adapter computes, and what is known to be done is not slept over.
 */

/** The part of `GPUQueue` that waits. */
export interface WaitingQueue {
  onSubmittedWorkDone: (this: WaitingQueue) => Promise<undefined>;
}

/** The part of `GPUBuffer` that waits, or tells whether it must. */
export interface WaitingBuffer {
  mapAsync: (this: WaitingBuffer, mode: number, offset?: number, size?: number) => Promise<undefined>;
  getMappedRange: (this: WaitingBuffer, offset?: number, size?: number) => ArrayBuffer;
}

/** Mends the prototype of `GPUQueue`. */
export function hastenQueues(queues: WaitingQueue): void {
  const { onSubmittedWorkDone } = queues;
  /** By queue, how often it was asked, and how many of those have their answer. */
  const askedOf = new WeakMap<WaitingQueue, { asked: number; answered: number }>();
  queues.onSubmittedWorkDone = async function () {
    const count = askedOf.get(this) ?? { asked: 0, answered: 0 };
    askedOf.set(this, count);
    const mine = ++count.asked;
    await nextTurn();
    if (count.answered >= mine) return;
    // One wait answers everybody who asked before it.
    count.answered = count.asked;
    leave(onSubmittedWorkDone.call(this));
  };
}

/** Mends the prototype of `GPUBuffer`. */
export function hastenBuffers(buffers: WaitingBuffer): void {
  const { mapAsync } = buffers;
  /** Deno may be asked early only for a buffer that it has told to be mapped before: for another one it ends the process. */
  const told = new WeakSet<WaitingBuffer>();
  buffers.mapAsync = async function (mode, offset = 0, size?: number) {
    await nextTurn();
    const mapped = mapAsync.call(this, mode, offset, size);
    if (told.has(this) && isReadable(this, offset)) {
      leave(mapped);
      return;
    }
    await mapped;
    told.add(this);
  };
}

function isReadable(buffer: WaitingBuffer, offset: number): boolean {
  try {
    buffer.getMappedRange(offset, 0);
    return true;
  } catch {
    return false;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Nobody waits for it any more; a lost device says so by itself. */
function leave(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
