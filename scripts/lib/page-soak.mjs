import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findAdapter } from './adapter.mjs';
import { BROWSER_HELP, browserFlags, findBrowser } from './browser.mjs';
import { buildPage } from './build-page.mjs';
import { bundleForNode } from './bundle.mjs';
import { servePage } from './page-server.mjs';
import { ROOT } from './paths.mjs';

/** Many small updates a minute; what an evaluation, a save and all lists keep grows with them. */
const LINK = '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=2&groupSize=4&evalEvery=20&evalQuestions=8';
const START_MS = 300_000;
const EVERY_MS = 15_000;
/** Of the readings, since code is compiled and lists fill on the way: the first so many are left out. */
const LEFT_OUT = 0.2;
/** Bytes of the page's heap that one update may add while its history fills: numbers, and trajectories of 2 kB each. */
const KEPT_AN_UPDATE = 20_000;
/** Of the page's heap once all of that was let go of: code that was compiled on the way, and lists that stay at their size. */
const LEFT_BYTES = 8_000_000;
/** Of the worker, which keeps no history: 40 MB in ten thousand updates. */
const WORKER_AN_UPDATE = 4096;
const A_NODE_OFTEN = 0.05;

/** In the worker, before the engine: what its buffers hold. Whole in itself, its text is sent there. */
function countGpuBytes() {
  const held = (globalThis.gpuHeld = { bytes: 0, buffers: 0 });
  if (!('GPUDevice' in globalThis)) return;
  const { createBuffer } = globalThis.GPUDevice.prototype;
  const { destroy } = globalThis.GPUBuffer.prototype;
  const live = new WeakSet();
  globalThis.GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    live.add(buffer);
    held.bytes += buffer.size;
    held.buffers += 1;
    return buffer;
  };
  globalThis.GPUBuffer.prototype.destroy = function () {
    if (live.delete(this)) {
      held.bytes -= this.size;
      held.buffers -= 1;
    }
    return destroy.call(this);
  };
}

/** Puts the count in front of the engine's module, as the page is served for the soak. */
function withCount(folder) {
  const assets = join(folder, 'assets');
  for (const name of readdirSync(assets).filter((file) => /^worker-[^.]+\.js$/.test(file))) {
    const path = join(assets, name);
    writeFileSync(path, `(${countGpuBytes.toString()})();\n${readFileSync(path, 'utf8')}`);
  }
}

/** DevTools of the workers of a page: Playwright reaches them by code alone. */
async function workerDevtools(session) {
  const workers = new Map();
  let last = 0;
  const answers = new Map();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.set(sessionId, targetInfo);
  });
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
    answers.delete(id);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const ask = (sessionId, method) => {
    const id = (last += 1);
    const answer = new Promise((resolve) => answers.set(id, resolve));
    return session
      .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
      .then(() => answer);
  };
  /** Of all of them, tidied up. */
  return async () => {
    let bytes = 0;
    for (const sessionId of workers.keys()) {
      await ask(sessionId, 'HeapProfiler.collectGarbage');
      bytes += (await ask(sessionId, 'Runtime.getHeapUsage')).usedSize;
    }
    return bytes;
  };
}

const present = (page) =>
  page.evaluate(async () => {
    const { store, history } = globalThis.cutpoint;
    const { update, runState, evaluations, marks } = store.getState();
    const { usage } = await globalThis.navigator.storage.estimate();
    return {
      update,
      runState,
      updateMs: history.newest(1)[0]?.updateMs ?? 0,
      stored: usage,
      told: evaluations.length + marks.length,
    };
  });

async function read(page, session, workerHeap) {
  // Twice: what the first sweep lets go of holds other things.
  for (let time = 0; time < 2; time += 1) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
  const gpu = await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.gpuHeld)));
  return {
    ...(await present(page)),
    atMs: performance.now(),
    gpuBytes: gpu.reduce((sum, held) => sum + (held?.bytes ?? 0), 0),
    gpuBuffers: gpu.reduce((sum, held) => sum + (held?.buffers ?? 0), 0),
    workerHeap: await workerHeap(),
    pageHeap: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    documents: of('Documents'),
  };
}

const untilRests = (page, update) =>
  page.waitForFunction(
    (wanted) => {
      const { update: now, runState } = globalThis.cutpoint.store.getState();
      return now === wanted && runState === 'paused';
    },
    update,
    { timeout: START_MS, polling: 250 },
  );

async function resetTo(page, update) {
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await untilRests(page, update);
}

async function capsuleBytes(page) {
  await page.getByText('File', { exact: true }).click();
  const coming = page.waitForEvent('download', { timeout: START_MS });
  await page.locator('.file-menu').getByRole('button', { name: 'Recorded run', exact: true }).click();
  return readFileSync(await (await coming).path()).length;
}

/**
 * Lets the page train in Chromium and reads every quarter of a minute what it holds.
 *
 * @param {{minutes: number, log: (line: string) => void}} options
 * @returns {Promise<boolean>} whether nothing grew and nothing was thrown
 * @throws Error where there is no browser, or where the page does not start
 */
export async function soakPage({ minutes, log }) {
  const found = await findBrowser();
  if (found === undefined) throw new Error(BROWSER_HELP);
  const gpu = (await findAdapter())?.kind === 'gpu';
  const temporary = mkdtempSync(join(tmpdir(), 'cutpoint-soak-'));
  const { chromium } = await import('@playwright/test');
  let server;
  let browser;
  try {
    const { growthOf } = await import(
      pathToFileURL(await bundleForNode(join(ROOT, 'src/lib/growth.ts'), join(temporary, 'lib'))).href
    );
    log('Building the page ...');
    await buildPage(join(temporary, 'page'));
    withCount(join(temporary, 'page'));
    server = await servePage(join(temporary, 'page'));
    browser = await chromium.launch({ executablePath: found.path, args: browserFlags(gpu) });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
    const problems = [];
    page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
    page.on('crash', () => problems.push('the page crashed'));
    page.on('console', (message) => {
      const isOwn = !message.text().startsWith('Service Worker registration blocked');
      if (isOwn && ['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
    });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const workerHeap = await workerDevtools(session);
    await page.goto(`${server.url}${LINK}`);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForFunction(() => globalThis.cutpoint?.store.getState().update >= 10, undefined, {
      timeout: START_MS,
      polling: 1000,
    });
    const adapter = await page.evaluate(() => globalThis.cutpoint.store.getState().adapter);
    log(`Chromium ${browser.version()}, ${adapter.description || adapter.architecture}; ${minutes} minutes of ${LINK}`);
    const readings = [await read(page, session, workerHeap)];
    if (readings[0].gpuBytes === 0) throw new Error('What the GPU holds could not be counted.');
    const sizes = [];
    const begin = performance.now();
    while (performance.now() - begin < minutes * 60_000) {
      await page.waitForTimeout(EVERY_MS);
      readings.push(await read(page, session, workerHeap));
      const part = (performance.now() - begin) / (minutes * 60_000);
      if (part >= (sizes.length + 1) / 4) {
        const now = readings.at(-1);
        sizes.push({ update: now.update, capsule: await capsuleBytes(page), stored: now.stored });
        log(`update ${now.update}: ${JSON.stringify({ ...now, ...sizes.at(-1) })}`);
      }
    }
    const last = readings.at(-1);
    // The history is let go of, and with the second the run that then lies behind the charts: all else must be as it was.
    await resetTo(page, 0);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await untilRests(page, 1);
    await resetTo(page, 0);
    await page.waitForTimeout(EVERY_MS);
    const after = await read(page, session, workerHeap);
    return tell({ readings, last, after, sizes, problems, growthOf, log });
  } finally {
    await browser?.close();
    await server?.close();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

function tell({ readings, last, after, sizes, problems, growthOf, log }) {
  const [first] = readings;
  const kept = readings.slice(Math.floor(readings.length * LEFT_OUT));
  const between = kept.map((reading, i) => {
    const before = kept[i - 1];
    return before === undefined ? NaN : (reading.atMs - before.atMs) / Math.max(1, reading.update - before.update);
  });
  // A reading stops the page: by the engine's own clock, where there was an update since.
  const series = (name, unit, key, most) => ({ name, unit, values: kept.map((reading) => reading[key]), most });
  const { lines, growing } = growthOf(
    kept.map(({ update }) => update),
    [
      series('GPU bytes', 'B', 'gpuBytes', 0),
      series('GPU buffers', '', 'gpuBuffers', 0),
      series('heap of the worker', 'B', 'workerHeap', WORKER_AN_UPDATE),
      series('heap of the page', 'B', 'pageHeap', KEPT_AN_UPDATE),
      series('nodes', '', 'nodes', A_NODE_OFTEN),
      series('listeners', '', 'listeners', A_NODE_OFTEN),
      series('time of an update', 'ms', 'updateMs', null),
      series('storage', 'B', 'stored', null),
    ],
  );
  log(`updates ${kept[0].update} to ${last.update}, ${kept.length} readings`);
  for (const line of lines) log(line);
  const wall = between.filter(Number.isFinite);
  log(
    `from one reading to the next, an update took ${Math.min(...wall).toFixed(0)} to ${Math.max(...wall).toFixed(0)} ms`,
  );
  for (const { update, capsule, stored } of sizes) log(`update ${update}: capsule ${capsule} B, storage ${stored} B`);
  const row = ({ pageHeap, workerHeap, nodes, listeners, gpuBytes }) =>
    `heap ${pageHeap} B, worker ${workerHeap} B, ${nodes} nodes, ${listeners} listeners, GPU ${gpuBytes} B`;
  log(`at update ${first.update}: ${row(first)}`);
  log(`at update ${last.update}: ${row(last)}`);
  log(`after Reset, a step and Reset: ${row(after)}`);
  const left = after.pageHeap - first.pageHeap;
  if (left > LEFT_BYTES) growing.push(`what the page keeps of a run that is gone (${left} B)`);
  for (const name of growing) log(`${name} grows.`);
  for (const problem of problems) log(problem);
  return growing.length === 0 && problems.length === 0;
}
