import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAdapter } from './adapter.mjs';
import { BROWSER_HELP, browserFlags, findBrowser } from './browser.mjs';
import { buildPage } from './build-page.mjs';
import { clockNoise } from './clock-noise.mjs';
import { browsingRow, mainThreadFigures, trainingRow } from './page-figures.mjs';
import { servePage } from './page-server.mjs';
import { mainThreadTasks } from './trace-tasks.mjs';

/** SwiftShader on a busy machine compiles for a long time. */
const LIMIT_MS = 300_000;
/** Of training that is traced, after the first update. */
const TRAINING_MS = 20_000;
const SETTLE_MS = 1000;
const NOISE_PIECES = 2000;
const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Many small updates a minute: each is told, listed and charted, so the page has more to do than at its defaults. */
const SMALL = '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';
/** Links and views in which it trains. */
const TRAINING = [
  { name: 'training, the page as it opens', link: '', view: 'Studio' },
  { name: 'training, small updates', link: SMALL, view: 'Studio' },
  { name: 'training, small updates, Cut Lab', link: SMALL, view: 'Cut Lab' },
];

const ROWS = 10_000;

/** Trajectories of an LLM as a file: the list shows all of them at once. */
function manyTrajectories() {
  const search = (query, found) =>
    `<think>Look for ${query}.</think><search>${query}</search><information>Doc 1(Title: "T") ${found}</information>`;
  const rows = Array.from({ length: ROWS }, (_, k) => {
    const draft = `${search('author', 'By somebody.')}<answer>Portland</answer>`;
    const final = `${search('author', 'By somebody.')}${search('birthplace', 'Born in Berkeley.')}<answer>Berkeley</answer>`;
    const prompt = `Question: Where was author ${k >> 2} born?\n`;
    return JSON.stringify({
      prompt,
      golden_answers: ['Berkeley'],
      step: 10,
      draft,
      final: k % 4 === 0 ? final : draft,
    });
  });
  return Buffer.from(rows.join('\n'));
}

const filter = (page) => page.getByRole('region', { name: 'Questions and filter' });
const list = (page) => page.getByRole('group', { name: 'List of trajectories' });

/** What a person does with the list, one after the other. */
const BROWSING = [
  {
    name: 'filter',
    act: (page) =>
      filter(page)
        .getByRole('radio', { name: /^saved/ })
        .check(),
  },
  { name: 'all again', act: (page) => filter(page).getByRole('radio', { name: /^all/ }).check() },
  { name: 'sort', act: (page) => filter(page).getByRole('combobox').selectOption('best') },
  { name: 'find in text', act: (page) => filter(page).getByRole('searchbox').fill('author 1234 ') },
  { name: 'clear the search', act: (page) => filter(page).getByRole('searchbox').fill('') },
  {
    name: 'scroll from end to end',
    act: (page) =>
      list(page).evaluate(async (scroller) => {
        const STEPS = 120;
        for (let k = 1; k <= STEPS; k += 1) {
          scroller.scrollTo(0, (k / STEPS) * scroller.scrollHeight);
          await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
        }
      }),
  },
];

async function traced(browser, page, work) {
  let trace;
  await browser.startTracing(page, { categories: CATEGORIES, screenshots: false });
  try {
    await work();
    // What it set off is drawn.
    await page.evaluate(() => new Promise((resolve) => globalThis.requestIdleCallback(resolve, { timeout: 2000 })));
  } finally {
    trace = await browser.stopTracing();
  }
  return mainThreadTasks(JSON.parse(trace.toString()).traceEvents);
}

async function measureTraining(browser, base, { name, link, view }) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  try {
    await page.goto(`${base}${link}`);
    const state = (holds) => page.waitForFunction(holds, undefined, { timeout: LIMIT_MS, polling: 250 });
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await state(() => globalThis.cutpoint?.store.getState().update > 0);
    if (view !== 'Studio') {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
    }
    // The run takes the screen from the recording that played before it: that happens once.
    await page.waitForTimeout(SETTLE_MS);
    const first = await page.evaluate(() => globalThis.cutpoint.store.getState().update);
    const figures = await traced(browser, page, () => page.waitForTimeout(TRAINING_MS));
    const last = await page.evaluate(() => globalThis.cutpoint.store.getState().update);
    const adapter = await page.evaluate(() => globalThis.cutpoint.store.getState().adapter);
    return trainingRow(name, last - first, adapter, figures);
  } finally {
    await page.close();
  }
}

async function measureBrowsing(browser, base) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  try {
    await page.goto(base);
    const figures = [];
    const open = () =>
      page.locator('input[type=file]').setInputFiles({ name: 'many.jsonl', mimeType: '', buffer: manyTrajectories() });
    await open();
    await page.getByText(`${ROWS.toLocaleString('en-US')} trajectories`).waitFor({ timeout: LIMIT_MS });
    for (const { name, act } of BROWSING) {
      const found = await traced(browser, page, () => act(page));
      const inDocument = await list(page).getByRole('listitem').count();
      figures.push(browsingRow(`${ROWS.toLocaleString('en-US')} trajectories: ${name}`, inDocument, found));
    }
    return figures;
  } finally {
    await page.close();
  }
}

/**
 * What the page's main thread does while the engine trains beside it, and with 10,000 trajectories in the list, from the
 * browser's own trace, by thread time: other work on the machine does not count.
 *
 * @param {{log: (line: string) => void, gpu?: boolean}} options gpu: use the machine's GPU; found out by itself where not given
 * @returns {Promise<{browser: string, noise: {pieces: number, medianMs: number, longestMs: number}, rows: {name: string, updates: number | null, adapter?: string, inDocument?: number, wallMs: number,
 *   threadMs: number, frames: number, perFrameMs: number, longestMs: number, over50: number}[]}>}
 * @throws Error where there is no browser, or where the page does not start
 */
export async function measureMainThread({ log, gpu }) {
  const found = await findBrowser();
  if (found === undefined) throw new Error(BROWSER_HELP);
  const args = browserFlags(gpu ?? (await findAdapter())?.kind === 'gpu');
  const temporary = mkdtempSync(join(tmpdir(), 'cutpoint-main-thread-'));
  const { chromium } = await import('@playwright/test');
  let server;
  let browser;
  try {
    log('Building the page ...');
    await buildPage(join(temporary, 'page'));
    server = await servePage(join(temporary, 'page'));
    browser = await chromium.launch({ executablePath: found.path, args });
    const rows = [];
    for (const one of TRAINING) {
      rows.push(await measureTraining(browser, server.url, one));
      log(line(rows.at(-1)));
    }
    for (const row of await measureBrowsing(browser, server.url)) {
      rows.push(row);
      log(line(row));
    }
    return mainThreadFigures(browser.version(), clockNoise(NOISE_PIECES), rows);
  } finally {
    await browser?.close();
    await server?.close();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

function line({ name, updates, adapter, inDocument, threadMs, perFrameMs, longestMs, over50 }) {
  const parts = [
    ...(updates === null ? [`${threadMs.toFixed(0)} ms in all`] : [`${updates} updates on ${adapter}`]),
    ...(updates === null ? [] : [`${perFrameMs.toFixed(2)} ms of a frame`]),
    `longest task ${longestMs.toFixed(1)} ms`,
    ...(over50 > 0 ? [`${over50} over 50 ms`] : []),
    ...(inDocument === undefined ? [] : [`${inDocument} rows in the document`]),
  ];
  return `${name}: ${parts.join(', ')}`;
}

export function mainThreadTable({ browser, noise, rows }) {
  const { pieces, medianMs, longestMs } = noise;
  return [
    `main thread of the page: ${browser}, thread time`,
    ...rows.map(line),
    `the clock: one of ${pieces} equal pieces of work of ${medianMs.toFixed(1)} ms took ${longestMs.toFixed(1)} ms by it`,
  ].join('\n');
}
