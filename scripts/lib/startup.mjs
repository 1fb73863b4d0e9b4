import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { findAdapter } from './adapter.mjs';
import { BROWSER_HELP, adapterTitle, browserFlags, findBrowser } from './browser.mjs';
import { buildPage } from './build-page.mjs';
import { measureBuild } from './bundle-size.mjs';
import { MILESTONES, startupFigures } from './page-figures.mjs';
import { servePage } from './page-server.mjs';
import { watchLesson, watchStartup } from './startup-watch.mjs';

/** SwiftShader on a busy machine compiles for a long time. */
const LIMIT_MS = 300_000;

const LESSON = '#v1&view=lessons&lesson=one-question';

/**
 * Opens an address once, in a browser of its own.
 *
 * @param watch runs in the page before its own code
 * @param settled asks the page whether all is seen
 * @param read what is wanted of the page then
 */
async function inBrowser({ url, profile, executablePath, args }, { watch, settled, read }) {
  const { chromium } = await import('@playwright/test');
  const viewport = { width: 1440, height: 900 };
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args,
    viewport,
    // It begins to keep the page for offline use when that has loaded, which is no part of what a visitor waits for.
    serviceWorkers: 'block',
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const broken = new Promise((_, reject) => {
      page.on('crash', () => reject(new Error('The page crashed.')));
      page.on('pageerror', reject);
    });
    broken.catch(() => undefined);
    await page.addInitScript(watch);
    await page.goto(url, { waitUntil: 'commit' });
    // Seldom, so that asking is no load of its own.
    await Promise.race([page.waitForFunction(settled, undefined, { timeout: LIMIT_MS, polling: 250 }), broken]);
    const marks = await page.evaluate(() => globalThis.startup);
    return { marks, ...(await read(page)), version: context.browser()?.version() ?? '' };
  } finally {
    await context.close();
  }
}

/** Opens the page, presses Play as soon as it is ready and waits for the first update. */
async function openStudio(browser) {
  const settled = () => {
    const { charts, update, problem } = globalThis.startup ?? {};
    return problem !== undefined || (charts !== undefined && update !== undefined);
  };
  const read = async (page) => ({
    adapter: await page.evaluate(() => globalThis.cutpoint.store.getState().adapter),
    link: new URL(page.url()).hash,
  });
  const opened = await inBrowser(browser, { watch: watchStartup, settled, read });
  const { problem } = opened.marks;
  if (problem !== undefined) throw new Error(`The page did not start: ${problem}`);
  return opened;
}

/** Opens the link of the first lesson. */
async function openLesson(browser) {
  const settled = () => globalThis.startup?.lesson !== undefined;
  const { marks } = await inBrowser(
    { ...browser, url: `${browser.url}${LESSON}`, profile: `${browser.profile}-lesson` },
    { watch: watchLesson, settled, read: () => ({}) },
  );
  return marks;
}

/** @throws Error where something was not seen */
function checked(marks) {
  const unseen = MILESTONES.filter(({ ms }) => !Number.isFinite(ms(marks))).map(({ name }) => name);
  if (unseen.length > 0) throw new Error(`The page started, but was never seen: ${unseen.join(', ')}.`);
  return marks;
}

/** Sums what was sent by kind of file; the worker's code apart from the page's. */
function byKind(sent, workerFiles) {
  const kinds = { '.html': 'HTML', '.css': 'CSS', '.safetensors': 'weights', '.json': 'worlds' };
  const sums = new Map();
  for (const { file, bytes } of sent) {
    const script = workerFiles.has(file) ? 'JavaScript of the worker' : 'JavaScript of the page';
    const kind = extname(file) === '.js' ? script : (kinds[extname(file)] ?? 'other');
    sums.set(kind, (sums.get(kind) ?? 0) + bytes);
  }
  return sums;
}

/**
 * How long the built page takes to start in Chromium: with a new profile (nothing cached: files, compiled code, shaders), and
 * once more with the same profile in a new browser process. The page runs what its defaults choose for the adapter.
 *
 * @param {{rounds: number, log: (line: string) => void, gpu?: boolean}} options gpu: use the machine's GPU; found out by
 *   itself where it is not given
 * @returns {Promise<{browser: string, adapter: object, link: string, rows: {name: string, coldMs: number[], warmMs: number[]}[],
 *   sizes: {kind: string, coldBytes: number, warmBytes: number}[]}>} link: the settings of the run; sizes: bytes sent in the
 *   last round, text after gzip
 * @throws Error where there is no browser, or where the page does not start
 */
export async function measureStartup({ rounds, log, gpu }) {
  const found = await findBrowser();
  if (found === undefined) throw new Error(BROWSER_HELP);
  const args = browserFlags(gpu ?? (await findAdapter())?.kind === 'gpu');
  const temporary = mkdtempSync(join(tmpdir(), 'cutpoint-startup-'));
  let server;
  try {
    log('Building the page ...');
    const build = join(temporary, 'page');
    await buildPage(build);
    const workerFiles = new Set(measureBuild(build).worker.map(({ file }) => file));
    server = await servePage(build);
    const marks = [];
    let last;
    let sent;
    for (let round = 1; round <= rounds; round += 1) {
      const profile = join(temporary, `profile-${round}`);
      sent = {};
      marks.push({});
      for (const cache of ['cold', 'warm']) {
        server.taken();
        const browser = { url: server.url, profile, executablePath: found.path, args };
        last = await openStudio(browser);
        sent[cache] = byKind(server.taken(), workerFiles);
        const seen = checked({ ...last.marks, ...(await openLesson(browser)) });
        marks.at(-1)[cache] = seen;
        const said = MILESTONES.map(({ name, ms }) => `${name} ${ms(seen).toFixed(0)} ms`);
        log(`Round ${round} of ${rounds}, ${cache}: ${said.join(', ')}`);
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
    return startupFigures(last, marks, sent);
  } finally {
    await server?.close();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The medians as text. */
export function startupTable({ browser, adapter, rows, sizes }) {
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const ms = (values) => median(values).toFixed(0).padStart(8);
  return [
    `start of the page: ${browser}, ${adapterTitle(adapter)}; milliseconds, medians (cold: new profile, warm: the same profile again)`,
    `${'milestone'.padEnd(28)}${'cold'.padStart(8)}${'warm'.padStart(8)}`,
    ...rows.map(({ name, coldMs, warmMs }) => `${name.padEnd(28)}${ms(coldMs)}${ms(warmMs)}`),
    ...sizes.map(
      ({ kind, coldBytes }) => `${`${kind}, bytes sent`.padEnd(28)}${String(median([coldBytes].flat())).padStart(8)}`,
    ),
  ].join('\n');
}
