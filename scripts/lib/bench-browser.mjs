import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BROWSER_HELP, browserFlags, findBrowser } from './browser.mjs';
import { ROOT } from './paths.mjs';
import { descendantsCpuSeconds } from './process-cpu.mjs';

const PORT = 4180;

async function buildPage(outDir) {
  const { build } = await import('vite');
  await build({
    root: join(ROOT, 'bench/page'),
    configFile: false,
    logLevel: 'error',
    base: './',
    publicDir: join(ROOT, 'public'),
    build: { outDir, emptyOutDir: true, target: 'es2023', sourcemap: true, reportCompressedSize: false },
  });
}

/** A promise with its two ends outside. */
function deferred() {
  let settle;
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}

/**
 * Builds the bench's page, opens it in Chromium and waits for its end. The browser has its own driver: a GPU's, else
 * SwiftShader.
 *
 * @param {{args: string[], outDir: string, gpu: boolean}} options args: the bench's flags
 * @returns {Promise<{json: string, svg: string, fine: boolean} | {error: string}>}
 * @throws Error where there is no browser, or where it crashes
 */
export async function benchInBrowser({ args, outDir, gpu }) {
  const found = await findBrowser();
  if (found === undefined) throw new Error(BROWSER_HELP);
  await buildPage(outDir);
  const { preview } = await import('vite');
  const server = await preview({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { host: 'localhost', port: PORT },
  });
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({ executablePath: found.path, args: browserFlags(gpu) });
  try {
    const done = deferred();
    const page = await browser.newPage();
    page.on('crash', () => done.reject(new Error('The page crashed.')));
    page.on('pageerror', (error) => done.reject(error));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') console.error(message.text());
    });
    browser.on('disconnected', () => done.reject(new Error('The browser closed.')));
    const functions = {
      benchStart: () => ({ args, runtime: `Chromium ${browser.version()}`, cores: availableParallelism() }),
      benchCpuSeconds: () => descendantsCpuSeconds(process.pid),
      benchSay: (lines) => console.log(lines),
      benchNote: (line) => console.error(line),
      benchDone: (result) => done.resolve(result),
    };
    for (const [name, answer] of Object.entries(functions)) await page.exposeFunction(name, answer);
    await page.goto(server.resolvedUrls.local[0]);
    return await done.promise;
  } finally {
    await browser.close();
    await server.close();
  }
}
