import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './paths.mjs';

export const BROWSER_HELP = [
  'No browser was found for the browser tests. Any of these helps:',
  '  - CHROME_PATH=/path/to/chrome npm test',
  '  - Chrome or Chromium on PATH   (Debian: apt-get install chromium)',
  "  - Playwright's own   (npx playwright install --with-deps chromium)",
].join('\n');

/** WebGPU without a display and without calls home: on the machine's GPU, or on the SwiftShader in the browser. */
export function browserFlags(gpu) {
  const driver = gpu
    ? ['--ignore-gpu-blocklist', '--enable-features=Vulkan', '--use-angle=vulkan']
    : ['--use-webgpu-adapter=swiftshader'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return ['--no-sandbox', '--enable-unsafe-webgpu', ...driver, ...quiet, '--disable-quic'];
}

/** What a page's adapter is called, as far as the browser tells. */
export function adapterTitle({ description, architecture, vendor }) {
  return description || architecture || vendor || 'an adapter without a name';
}

const NAMES = ['google-chrome-stable', 'google-chrome', 'chrome', 'chromium', 'chromium-browser'];

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const names = process.platform === 'win32' ? ['chrome.exe'] : NAMES;
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

function installedApp() {
  const { ProgramFiles, LOCALAPPDATA } = process.env;
  const windows = [ProgramFiles, LOCALAPPDATA]
    .filter(Boolean)
    .map((d) => join(d, 'Google/Chrome/Application/chrome.exe'));
  const mac = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  const files = { win32: windows, darwin: mac }[process.platform] ?? [];
  return files.find((file) => existsSync(file));
}

async function playwrightsOwn() {
  const entry = join(ROOT, 'node_modules/playwright-core/index.mjs');
  if (!existsSync(entry)) return undefined;
  const { chromium } = await import(pathToFileURL(entry).href);
  const file = chromium.executablePath();
  return existsSync(file) ? file : undefined;
}

/**
 * Finds a Chrome or Chromium: CHROME_PATH, on PATH, an installed application, Playwright's own.
 *
 * @returns {Promise<{path: string, source: string} | undefined>}
 * @throws Error when CHROME_PATH points to nothing
 */
export async function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROME_PATH is "${named}", but there is no such file.`);
    return { path: named, source: 'CHROME_PATH' };
  }
  const system = onPath() ?? installedApp();
  if (system !== undefined) return { path: system, source: 'installed' };
  const own = await playwrightsOwn();
  return own === undefined ? undefined : { path: own, source: "Playwright's" };
}

function playwrightFolders() {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH || join(homedir(), '.cache/ms-playwright');
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => name.startsWith('chromium'))
    .sort()
    .reverse()
    .flatMap((name) => readdirSync(join(cache, name)).map((inner) => join(cache, name, inner)));
}

/** Folders in which a browser may have left its SwiftShader, the browser in use first. */
export async function browserFolders() {
  const own = await findBrowser().catch(() => undefined);
  const folders = own === undefined ? [] : [dirname(realpathSync(own.path))];
  folders.push(
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
    '/opt/chromium',
  );
  folders.push(...playwrightFolders());
  return [...new Set(folders)].filter((folder) => existsSync(folder));
}
