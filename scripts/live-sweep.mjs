// node scripts/live-sweep.mjs [NAME]: what a sweep of five cuts with 16 regenerations each takes in the page, which asks our own model
// server through npm start, beside the same sweep in the engine, in turns. The figures are in docs/performance.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { adapterEnv, ADAPTER_HELP, findAdapter } from './lib/adapter.mjs';
import { BROWSER_HELP, findBrowser } from './lib/browser.mjs';
import { bundlesForNode, processFolder } from './lib/bundle.mjs';
import { ROOT } from './lib/paths.mjs';

const LIMIT_MS = 180_000;
const SETTLES_MS = 5000;
const CACHE = join(ROOT, 'node_modules/.cache/cutpoint-cli');

const [name = 'microwiki-tiny'] = process.argv.slice(2);
const adapter = await findAdapter();
if (adapter === undefined) throw new Error(ADAPTER_HELP);
const found = await findBrowser();
if (found === undefined) throw new Error(BROWSER_HELP);
console.log(`${adapter.line}; load ${(await import('node:os')).loadavg()[0].toFixed(1)}`);
Object.assign(process.env, adapterEnv(adapter));

/** npm start beside the server; what it prints says where. */
async function startPage(url) {
  const flags = ['--model', `${url}/v1`, '--retriever', `${url}/retrieve`, '--no-open', '--port', '0'];
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...flags], {
    ...{ env: { ...process.env, CI: '1', NO_COLOR: '1' }, detached: true },
  });
  const stop = () => process.kill(-child.pid, 'SIGTERM');
  const at = await new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (part) => {
      printed += part;
      const address = /Local:\s+(http:\S+)/.exec(printed)?.[1];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(`npm start ended: ${printed}`)));
  });
  return { at, stop };
}

/** In the page: from the press to the numbers on screen. */
async function sweepOnce() {
  const { document, performance, MutationObserver } = globalThis;
  const { store } = globalThis.cutpoint;
  const button = [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent === 'Regenerate every cut',
  );
  const done = () => store.getState().lab.sweep?.replicates === 16 && /n = 16 a cut/.test(document.body.innerText);
  const begin = performance.now();
  await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (store.getState().lab.sweep?.replicates !== 16 || !done()) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    button.click();
  });
  return { ms: performance.now() - begin, em: [...store.getState().lab.sweep.em] };
}

const [measure, serve, open] = await bundlesForNode(
  ['measure', 'start-server', 'open-model'].map((file) => join(ROOT, `src/cli/serve/${file}.ts`)),
  processFolder(CACHE),
);
const { measureSweep } = await import(measure);
const { startServer } = await import(serve);
const { openModel } = await import(open);

const model = await openModel(name, undefined);
const { server, gpu, url } = await startServer(model, { host: '127.0.0.1', port: 0, heldOut: 0 });
const started = await startPage(url);
const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox', '--no-first-run'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const openPage = async (line) => {
    await page.goto(started.at);
    const file = { name: 'one.jsonl', mimeType: '', buffer: Buffer.from(`${line}\n`) };
    await page.getByLabel('Files to open').setInputFiles(file, { timeout: LIMIT_MS });
    await page.getByRole('region', { name: 'Recorded trajectories' }).waitFor({ timeout: LIMIT_MS });
    await page.getByRole('button', { name: 'Cut Lab', exact: true }).click();
    await page.getByRole('button', { name: 'Regenerate every cut' }).waitFor({ timeout: LIMIT_MS });
    await page.waitForTimeout(SETTLES_MS);
    const seed = page.getByLabel(/^Seed/);
    const own = await seed.inputValue();
    return async () => {
      // Another seed and back: nothing of the sweep before is left.
      await seed.fill('1');
      await seed.fill(own);
      await page.getByRole('button', { name: 'Regenerate every cut' }).waitFor();
      return page.evaluate(sweepOnce);
    };
  };
  const {
    cuts,
    replicates,
    engine,
    server: direct,
    equal,
    page: rounds,
  } = await measureSweep(model, url, gpu, openPage);
  const ordered = (key) => rounds.map((round) => round[key]).sort((a, b) => a - b);
  const told = (values, digits) =>
    `${values[values.length >> 1].toFixed(digits)} (${values[0].toFixed(digits)} to ${values.at(-1).toFixed(digits)})`;
  console.log(`${name}: sweep of ${cuts} cuts x ${replicates}, ${rounds.length} rounds`);
  console.log(`engine, least: ${engine.ms.toFixed(0)} ms; over the server, least: ${direct.ms.toFixed(0)} ms`);
  console.log(`in the page: ${told(ordered('ms'), 0)} ms, ${told(ordered('times'), 2)} times the engine of its round`);
  console.log(`least of the page over least of the engine: ${(ordered('ms')[0] / engine.ms).toFixed(2)}`);
  console.log(`exact match the same in ${equal} of ${cuts * replicates}`);
} finally {
  await browser.close();
  started.stop();
  server.close();
  server.closeAllConnections();
  gpu.close();
}
