// One journey in Firefox, with the page and the adapter that the other tests have: open, an update with Node's weights, a sweep in the
// Cut Lab, save and resume. Playwright makes no page in a Firefox that it has not built itself; WebDriver BiDi does.
import puppeteer from 'puppeteer-core';

const RUN = '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';
const PATIENCE_MS = 120_000;
/** Off by default on Linux; software drivers are on its list of blocked ones. */
const PREFERENCES = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true };

/** Polls what a function in the page gives, until it is true of it. */
async function until(page, what, look, ...args) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate(look, ...args))) {
    if (Date.now() > end) throw new Error(`It did not come in ${PATIENCE_MS / 1000} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const press = (page, name) =>
  page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(PATIENCE_MS).click();

const weights = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const { client } = globalThis.cutpoint;
        const stop = client.subscribe((event) => {
          if (event.type !== 'checkpoint') return;
          stop();
          resolve(event.weightsHash);
        });
        client.send({ type: 'checkpoint' });
      }),
  );

const untilReady = (page) =>
  until(page, 'an engine that is ready', () => {
    const { adapter, runState } = globalThis.cutpoint?.store.getState() ?? {};
    return Boolean(adapter) && runState === 'paused';
  });

async function step(page, update) {
  await press(page, 'Step');
  await until(
    page,
    `update ${update}`,
    (wanted) => {
      const state = globalThis.cutpoint.store.getState();
      return state.recording === null && state.update >= wanted && state.runState === 'paused';
    },
    update,
  );
}

/** Each step's name and what it does, in order; one that fails ends the journey. */
function steps(page, url, nodeHash) {
  const seen = { first: '', second: '' };
  return [
    [
      'opens, and knows the adapter',
      async () => {
        await page.goto(`${url}${RUN}`);
        await untilReady(page);
        const { adapter, software } = await page.evaluate(async () => {
          const found = await globalThis.navigator.gpu.requestAdapter();
          return { adapter: globalThis.cutpoint.store.getState().adapter, software: found.info.isFallbackAdapter };
        });
        if (adapter.software !== software) throw new Error(`The engine says software: ${adapter.software}.`);
      },
    ],
    [
      'has the weights of Node after an update',
      async () => {
        await step(page, 1);
        seen.first = await weights(page);
        if (seen.first !== nodeHash) throw new Error(`${seen.first} is not Node's ${nodeHash}.`);
      },
    ],
    [
      'sweeps the cuts of a draft in the Cut Lab',
      async () => {
        await press(page, 'Open in Cut Lab');
        const swept = () =>
          /n = \d+/.test(globalThis.document.querySelector('[aria-label="Cut Lab"]')?.textContent ?? '');
        await until(page, 'a sweep', swept);
      },
    ],
    [
      'saves by itself, and resumes exactly',
      async () => {
        await step(page, 2);
        seen.second = await weights(page);
        await until(page, 'the saved run', () => globalThis.cutpoint.store.getState().savedUpdate === 2);
        await page.goto(`${url}${RUN}`);
        await page.reload();
        await press(page, 'Continue');
        await until(page, 'update 2 again', () => {
          const state = globalThis.cutpoint?.store.getState();
          return state?.recording === null && state.update === 2 && state.runState === 'paused';
        });
        const again = await weights(page);
        if (again !== seen.second) throw new Error(`${again} is not ${seen.second}, as it was saved.`);
      },
    ],
  ];
}

/**
 * @param {{path: string, url: string, nodeHash: string, env: Record<string, string>}} given the browser, where the page is served, the
 *   hash that Node has after an update of RUN, the environment that chooses the adapter
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function journey({ path, url, nodeHash, env }) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: path,
    headless: true,
    env: { ...process.env, ...env },
    extraPrefsFirefox: PREFERENCES,
  });
  const count = { passed: 0, failed: 0 };
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    console.log(await browser.version());
    for (const [name, work] of steps(page, url, nodeHash)) {
      const start = Date.now();
      await work();
      count.passed += 1;
      console.log(`ok    ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    }
  } catch (error) {
    count.failed += 1;
    console.log(`FAIL  after ${count.passed} steps: ${error.message}`);
  } finally {
    await browser.close();
  }
  return count;
}

export { RUN };
