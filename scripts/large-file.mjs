// node scripts/large-file.mjs [--rows N] [--files N] [--words N] [--page FOLDER] [--before FOLDER] [--rounds N]: a file of 50,000 rollouts (about 100 MB), or
// many of them, with passages of 30 words or of N, in the built page: how long reading takes, what it holds, how it is let go of, and how the list scrolls and is
// searched. Beside it a page that was built before, in turn. The figures are in docs/performance.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { once } from 'node:events';
import { chromium } from '@playwright/test';
import { BROWSER_HELP, browserFlags, findBrowser } from './lib/browser.mjs';
import { buildPage } from './lib/build-page.mjs';
import { descendantsCpuSeconds } from './lib/process-cpu.mjs';
import { servePage } from './lib/page-server.mjs';
import { mainThreadTasks } from './lib/trace-tasks.mjs';
import { STEP_ROWS, writeRollouts } from './lib/rollout-lines.mjs';

/** A busy machine takes long for a gigabyte. */
const LIMIT_MS = 600_000;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '50000' },
    files: { type: 'string', default: '1' },
    words: { type: 'string', default: '30' },
    page: { type: 'string' },
    before: { type: 'string' },
    rounds: { type: 'string', default: '1' },
  },
});
const rows = Number(values.rows);
const steps = Math.ceil(rows / STEP_ROWS);
const stepsOfFile = Math.ceil(steps / Number(values.files));

/** Resident memory in MB of the page's process, and of all of the browser's (what they share counts once each); NaN where there is no /proc. */
function memoryOf(profile) {
  try {
    const sizes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          if (!command.includes(profile)) return [];
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          return [
            { page: command.includes('--type=renderer'), size: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 },
          ];
        } catch {
          return [];
        }
      });
    const page = Math.max(...sizes.filter((one) => one.page).map(({ size }) => size));
    return { page, all: sizes.reduce((sum, { size }) => sum + size, 0) };
  } catch {
    return { page: Number.NaN, all: Number.NaN };
  }
}

/** In the page: frames of a scroll from the top to the end, and how long each took. */
async function scrollThrough() {
  const list = globalThis.document.querySelector('[aria-label="List of trajectories"]');
  const frame = () => new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
  const times = [];
  const jumps = 200;
  for (let i = 0; i <= jumps; i += 1) {
    const start = globalThis.performance.now();
    list.scrollTop = ((list.scrollHeight - list.clientHeight) * i) / jumps;
    await frame();
    await frame();
    times.push((globalThis.performance.now() - start) / 2);
  }
  times.sort((a, b) => a - b);
  return { median: times[jumps >> 1], p95: times[Math.floor(jumps * 0.95)], worst: times.at(-1) };
}

/** In the page: when a file begins to be read and is on screen, and how long tasks take meanwhile. */
function watch() {
  const marks = (globalThis.large = {});
  globalThis.cutpoint.store.subscribe(({ rollouts: { reading, file } }) => {
    if (reading !== null) marks.begun ??= globalThis.performance.now();
    if (file !== null && marks.done === undefined) {
      marks.done = globalThis.performance.now();
      globalThis.performance.mark('listed');
    }
    if (reading === null && marks.cancelAt !== undefined) marks.cancelled ??= globalThis.performance.now();
  });
}

/** Before and after the file is on screen, in microseconds: its table comes, is looked through, and the list is drawn. */
const LISTING = { before: 700_000, after: 2_000_000 };

/** Thread time of the longest task that makes the list: what else the machine does adds nothing to it. */
function longestListTask(events) {
  const listed = events.find(({ name }) => name === 'listed')?.ts;
  if (listed === undefined) throw new Error('The trace does not tell when the list was there.');
  const isNear = ({ ts = 0, dur = 0 }) => ts + dur > listed - LISTING.before && ts < listed + LISTING.after;
  return mainThreadTasks(events.filter((event) => event.name !== 'RunTask' || isNear(event))).longestMs;
}

async function traced(session, work) {
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const categories = 'toplevel,blink.user_timing,disabled-by-default-devtools.timeline';
  await session.send('Tracing.start', { transferMode: 'ReportEvents', categories });
  await work();
  const complete = once(session, 'Tracing.tracingComplete');
  await session.send('Tracing.end');
  await complete;
  return events;
}

async function measure(executablePath, url, folder, paths) {
  const profile = mkdtempSync(join(folder, 'profile-'));
  // Without WebGPU, so that no engine computes beside what is measured.
  const args = browserFlags(false).filter((flag) => !/webgpu/.test(flag));
  const viewport = { width: 1440, height: 900 };
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args,
    viewport,
    serviceWorkers: 'block',
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(url);
    await page.getByLabel('List of trajectories').waitFor();
    await page.waitForTimeout(2000);
    const before = memoryOf(profile);
    await page.evaluate(watch);
    const input = page.locator('input[type=file]');
    // Let go of in the middle, then read whole.
    await input.setInputFiles(paths);
    // The button is drawn a little after the count that it stands beside.
    await page.waitForFunction(
      () =>
        (globalThis.cutpoint.store.getState().rollouts.reading?.rows ?? 0) > 5000 &&
        [...globalThis.document.querySelectorAll('button')].some(({ textContent }) => textContent === 'Cancel'),
    );
    const cancel = await page.evaluate(() => {
      globalThis.large.cancelAt = globalThis.performance.now();
      [...globalThis.document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Cancel').click();
      const took = globalThis.large.cancelled - globalThis.large.cancelAt;
      for (const key of Object.keys(globalThis.large)) delete globalThis.large[key];
      return took;
    });
    let cpu = 0;
    const events = await traced(await context.newCDPSession(page), async () => {
      const from = descendantsCpuSeconds(process.pid) ?? Number.NaN;
      await input.setInputFiles(paths);
      await page.waitForFunction(() => globalThis.large.done !== undefined);
      cpu = (descendantsCpuSeconds(process.pid) ?? Number.NaN) - from;
      await page.waitForTimeout(2000);
    });
    const reading = await page.evaluate(() => ({ ...globalThis.large }));
    const after = memoryOf(profile);
    const scroll = await page.evaluate(scrollThrough);
    const timed = async (words, text) => {
      const start = performance.now();
      await page.getByRole('searchbox').fill(words);
      await page.getByRole('region', { name: 'Questions and filter' }).getByText(text).waitFor();
      return performance.now() - start;
    };
    return {
      readMs: reading.done - reading.begun,
      readCpuMs: 1000 * cpu,
      longestTaskMs: longestListTask(events),
      cancelMs: cancel,
      memoryBeforeMB: before.page,
      memoryGrowthMB: after.page - before.page,
      allGrowthMB: after.all - before.all,
      scrollMedianMs: scroll.median,
      scroll95Ms: scroll.p95,
      scrollWorstMs: scroll.worst,
      searchMs: await timed('zzzz', ' listed'),
      clearSearchMs: await timed('', `${steps * STEP_ROWS} listed`),
    };
  } finally {
    await context.close();
  }
}

const middle = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const round = (value) => Math.round(value * 10) / 10;

const found = await findBrowser();
if (found === undefined) throw new Error(BROWSER_HELP);
const folder = mkdtempSync(join(tmpdir(), 'cutpoint-large-'));
const servers = [];
try {
  const pathOf = (step) => join(folder, `rollouts-${Math.ceil(step / stepsOfFile)}.jsonl`);
  await writeRollouts(steps, pathOf, Number(values.words));
  const paths = Array.from({ length: Math.ceil(steps / stepsOfFile) }, (_, k) => pathOf(1 + k * stepsOfFile));
  const megabytes = paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
  const built = values.page ?? join(folder, 'page');
  if (values.page === undefined) await buildPage(built);
  const pages = { now: built, ...(values.before === undefined ? {} : { before: values.before }) };
  const all = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
  for (let k = 0; k < Number(values.rounds); k += 1) {
    for (const [name, page] of Object.entries(pages)) {
      const server = await servePage(page);
      servers.push(server);
      all[name].push(await measure(found.path, server.url, folder, paths));
      console.error(
        `${name}: ${JSON.stringify(all[name].at(-1), (_, value) => (typeof value === 'number' ? round(value) : value))}`,
      );
    }
  }
  const told = Object.keys(all.now[0]).map((key) => {
    const of = (name) => all[name].map((one) => one[key]);
    const range = (list) => `${round(middle(list))} (${round(Math.min(...list))} to ${round(Math.max(...list))})`;
    if (values.before === undefined) return [key, range(of('now'))];
    const ratios = of('now').map((value, k) => Math.round((100 * value) / of('before')[k]) / 100);
    const ratio = `${middle(ratios)} (${Math.min(...ratios)} to ${Math.max(...ratios)})`;
    return [key, { now: range(of('now')), before: range(of('before')), ratio }];
  });
  console.log(
    JSON.stringify({ megabytes: round(megabytes), rows: steps * STEP_ROWS, ...Object.fromEntries(told) }, null, 2),
  );
} finally {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
