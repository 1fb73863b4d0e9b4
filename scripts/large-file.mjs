// node scripts/large-file.mjs: a file of 50,000 rollouts (about 100 MB) in the built page: how long reading takes, what it holds,
// how it is let go of, and how the list scrolls, sorts and is searched. The figures are in docs/performance.md.
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { chromium } from '@playwright/test';
import { BROWSER_HELP, browserFlags, findBrowser } from './lib/browser.mjs';
import { buildPage } from './lib/build-page.mjs';
import { servePage } from './lib/page-server.mjs';

const STEPS = 250;
const GROUPS = 25;
const GROUP_SIZE = 8;

/** Equal from run to run; good enough for words. */
function randomNumbers(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Lines as verl dumps them for Search-R1: one to three searches of three passages, then an answer. */
async function writeRollouts(path) {
  const random = randomNumbers(1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const dictionary = Array.from({ length: 5000 }, () =>
    Array.from({ length: 3 + 6 * random() }, () => pick(letters)).join(''),
  );
  const words = (count) => Array.from({ length: count }, () => pick(dictionary)).join(' ');
  const file = createWriteStream(path);
  for (let step = 1; step <= STEPS; step += 1) {
    let text = '';
    for (let group = 0; group < GROUPS; group += 1) {
      const [question, gold] = [`Where was ${words(2)} born?`, words(1)];
      for (let k = 0; k < GROUP_SIZE; k += 1) {
        let output = '';
        for (let search = 1 + Math.floor(3 * random()); search > 0; search -= 1) {
          const docs = [1, 2, 3].map(
            (n) => `Doc ${n}(Title: "${words(2)}") ${words(30)}${random() < 0.2 ? ` ${gold}` : ''}`,
          );
          output += `<think>${words(25)}</think><search>${words(4)}</search><information>${docs.join('\n')}</information>`;
        }
        const answer = random() < 0.4 ? gold : words(1);
        output += `<think>${words(20)}</think><answer>${answer}</answer>`;
        const input = `user\nAnswer the question. Question: ${question}\nassistant\n`;
        text += `${JSON.stringify({ input, output, gts: { target: [gold] }, score: Number(answer === gold), step })}\n`;
      }
    }
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** Resident memory of the page's process, in MB; NaN where there is no /proc. */
function pageMemory(profile) {
  try {
    const sizes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          if (!command.includes('--type=renderer') || !command.includes(profile)) return [];
          return [Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024];
        } catch {
          return [];
        }
      });
    return Math.max(...sizes);
  } catch {
    return Number.NaN;
  }
}

/** In the page: frames of a scroll from the top to the end, and how long each took. */
async function scrollThrough() {
  const list = globalThis.document.querySelector('[aria-label="List of trajectories"]');
  const frame = () => new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
  const times = [];
  const steps = 200;
  for (let i = 0; i <= steps; i += 1) {
    const start = globalThis.performance.now();
    list.scrollTop = ((list.scrollHeight - list.clientHeight) * i) / steps;
    await frame();
    await frame();
    times.push((globalThis.performance.now() - start) / 2);
  }
  times.sort((a, b) => a - b);
  const rows = list.querySelectorAll('[role="listitem"], li').length;
  return { median: times[steps >> 1], p95: times[Math.floor(steps * 0.95)], worst: times.at(-1), rows };
}

const found = await findBrowser();
if (found === undefined) throw new Error(BROWSER_HELP);
const folder = mkdtempSync(join(tmpdir(), 'cutpoint-large-'));
const profile = join(folder, 'profile');
let server;
let context;
try {
  const path = join(folder, 'rollouts.jsonl');
  await writeRollouts(path);
  const megabytes = statSync(path).size / 1e6;
  await buildPage(join(folder, 'page'));
  server = await servePage(join(folder, 'page'));
  // Without WebGPU, so that no engine computes beside what is measured.
  const args = browserFlags(false).filter((flag) => !/webgpu/.test(flag));
  const viewport = { width: 1440, height: 900 };
  context = await chromium.launchPersistentContext(profile, {
    executablePath: found.path,
    args,
    viewport,
    serviceWorkers: 'block',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(server.url);
  await page.getByLabel('List of trajectories').waitFor();
  const before = pageMemory(profile);
  await page.evaluate(() => {
    const marks = (globalThis.large = {});
    globalThis.cutpoint.store.subscribe(({ rollouts: { reading, file } }) => {
      if (reading !== null && reading.read > 0) marks.first ??= globalThis.performance.now();
      if (reading !== null) marks.begun ??= globalThis.performance.now();
      if (file !== null) marks.done ??= globalThis.performance.now();
      if (reading === null && marks.cancelAt !== undefined) marks.cancelled ??= globalThis.performance.now();
    });
    new globalThis.PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) marks.task = Math.max(marks.task ?? 0, duration);
    }).observe({ type: 'longtask' });
  });
  const input = page.locator('input[type=file]');
  // Let go of in the middle, then read whole.
  await input.setInputFiles(path);
  await page.waitForFunction(() => (globalThis.cutpoint.store.getState().rollouts.reading?.rows ?? 0) > 5000);
  await page.evaluate(() => {
    globalThis.large.cancelAt = globalThis.performance.now();
    [...globalThis.document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Cancel').click();
  });
  const cancel = await page.evaluate(() => globalThis.large.cancelled - globalThis.large.cancelAt);
  await page.evaluate(() => {
    for (const key of Object.keys(globalThis.large)) delete globalThis.large[key];
  });
  await input.setInputFiles(path);
  await page.waitForFunction(() => globalThis.large.done !== undefined, undefined, { timeout: 120_000 });
  const reading = await page.evaluate(() => ({ ...globalThis.large }));
  await page.waitForTimeout(2000);
  const after = pageMemory(profile);
  const scroll = await page.evaluate(scrollThrough);
  const timed = async (act, text) => {
    const start = performance.now();
    await act();
    await page.getByRole('region', { name: 'Questions and filter' }).getByText(text).waitFor();
    return performance.now() - start;
  };
  const search = await timed(() => page.getByRole('searchbox').fill('zzzz'), ' listed').catch(() => NaN);
  const clear = await timed(() => page.getByRole('searchbox').fill(''), '50000 listed').catch(() => NaN);
  const round = (value) => Math.round(value * 10) / 10;
  console.log(
    JSON.stringify(
      {
        megabytes: round(megabytes),
        rows: STEPS * GROUPS * GROUP_SIZE,
        readMs: round(reading.done - reading.begun),
        longestTaskMs: round(reading.task ?? 0),
        cancelMs: round(cancel),
        memoryMB: { before: round(before), after: round(after) },
        scrollFrameMs: {
          median: round(scroll.median),
          p95: round(scroll.p95),
          worst: round(scroll.worst),
          rowsInDocument: scroll.rows,
        },
        searchMs: round(search),
        clearSearchMs: round(clear),
      },
      null,
      2,
    ),
  );
} finally {
  await context?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
