import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hastenBuffers, hastenQueues, type WaitingBuffer, type WaitingQueue } from './deno-waits';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** As Deno's: the call waits for what is submitted, its promise sleeps after that. */
class Queue implements WaitingQueue {
  submitted = 0;
  done = 0;
  calls = 0;
  async onSubmittedWorkDone(): Promise<undefined> {
    this.calls += 1;
    this.done = this.submitted;
    return never();
  }
}

const never = () => new Promise<undefined>(() => undefined);

/** A prototype of its own for each test, as the mend goes there. */
function queueOf(): Queue {
  class Own extends Queue {}
  hastenQueues(Own.prototype);
  return new Own();
}

test('a queue is waited for once the program has nothing else to do, and all who asked so far are answered', async () => {
  const queue = queueOf();
  queue.submitted = 1;
  const first = queue.onSubmittedWorkDone();
  queue.submitted = 2;
  const second = queue.onSubmittedWorkDone();
  await Promise.resolve();
  expect(queue.calls).toBe(0);
  await first;
  expect(queue.done).toBe(2);
  queue.submitted = 3;
  const third = queue.onSubmittedWorkDone();
  await second;
  expect(queue).toMatchObject({ calls: 1, done: 2 });
  await third;
  expect(queue).toMatchObject({ calls: 2, done: 3 });
});

test('a queue does not answer for another one', async () => {
  class Own extends Queue {}
  hastenQueues(Own.prototype);
  const [one, other] = [new Own(), new Own()];
  one.submitted = other.submitted = 1;
  const waits = [one.onSubmittedWorkDone(), other.onSubmittedWorkDone()];
  await Promise.all(waits);
  expect([one.done, other.done]).toEqual([1, 1]);
});

/** Mapped as soon as it is asked for, or when it says so; a range of one that was never told to be mapped is not asked for. */
function bufferOf(mapsAtOnce: boolean) {
  const log: string[] = [];
  let readable = false;
  let tell: (() => void) | undefined;
  class Own implements WaitingBuffer {
    mapAsync(): Promise<undefined> {
      log.push('map');
      readable = mapsAtOnce;
      return new Promise((resolve) => {
        tell = () => {
          readable = true;
          log.push('told');
          resolve(undefined);
        };
      });
    }
    getMappedRange(): ArrayBuffer {
      log.push('range');
      if (!readable) throw new Error('not mapped');
      return new ArrayBuffer(0);
    }
  }
  hastenBuffers(Own.prototype);
  const buffer: WaitingBuffer = new Own();
  return { buffer, log, tell: () => tell?.() };
}

async function mapped({ buffer, tell }: ReturnType<typeof bufferOf>): Promise<void> {
  const done = buffer.mapAsync(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  tell();
  await done;
}

test('a buffer is mapped when Deno says so, and from then on as soon as it can be read', async () => {
  const own = bufferOf(true);
  await mapped(own);
  expect(own.log).toEqual(['map', 'told']);
  await own.buffer.mapAsync(1);
  expect(own.log).toEqual(['map', 'told', 'map', 'range']);
});

test('a buffer that cannot be read early is waited for', async () => {
  const own = bufferOf(false);
  await mapped(own);
  await mapped(own);
  expect(own.log).toEqual(['map', 'told', 'map', 'range', 'told']);
});

const IN_DENO = `
const { hastenBuffers, hastenQueues } = await import('./src/node/deno-waits.ts');
const device = await (await navigator.gpu.requestAdapter()).requestDevice();
const from = device.createBuffer({ size: 4, usage: 12 });
const to = device.createBuffer({ size: 4, usage: 9 });
async function shortest(wait) {
  let ms = Infinity;
  for (let i = 0; i < 12; i++) {
    device.queue.writeBuffer(from, 0, new Uint32Array([i]));
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, 4);
    device.queue.submit([encoder.finish()]);
    const start = performance.now();
    await wait(i);
    // The first one comes by Deno's own word.
    if (i > 0) ms = Math.min(ms, performance.now() - start);
  }
  return ms;
}
const queue = () => device.queue.onSubmittedWorkDone();
async function map(i) {
  await to.mapAsync(1);
  const [read] = new Uint32Array(to.getMappedRange());
  to.unmap();
  if (read !== i) throw new Error(\`read \${read} for \${i}\`);
}
const before = [await shortest(queue), await shortest(map)];
hastenQueues(GPUQueue.prototype);
hastenBuffers(GPUBuffer.prototype);
console.log([...before, await shortest(queue), await shortest(map)].join(' '));
`;

test('Deno sleeps for 10 ms over what is done, and no longer does', () => {
  const program = ['node_modules/deno/bin.cjs', 'eval', '--ext=js', IN_DENO];
  const text = execFileSync(process.execPath, program, {
    cwd: ROOT,
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
  });
  const [queueBefore, mapBefore, queueAfter, mapAfter] = String(text).trim().split(' ').map(Number);
  for (const ms of [queueBefore, mapBefore]) expect(ms).toBeGreaterThan(9.5);
  for (const ms of [queueAfter, mapAfter]) expect(ms).toBeLessThan(8);
});
