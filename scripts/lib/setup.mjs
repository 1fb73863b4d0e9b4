import { execPath } from 'node:process';
import { findAdapter } from './adapter.mjs';
import { findBrowser } from './browser.mjs';
import { aptInstall, aptUpdate, candidateVersion, canInstall, enableBackports } from './debian.mjs';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

const OLDEST_MESA = 24;

/** The browser's version if it can be started (its shared libraries are there), else undefined. */
async function browserVersion(browser) {
  const { code, stdout } = await runCaptured(browser.path, ['--version']);
  return code === 0 ? stdout.trim() : undefined;
}

async function workingBrowser() {
  const browser = await findBrowser();
  if (browser === undefined) return undefined;
  if (process.platform === 'win32') return { ...browser, version: '' };
  const version = await browserVersion(browser);
  if (version === undefined) console.log(`${browser.path} does not start.`);
  return version === undefined ? undefined : { ...browser, version };
}

async function playwrightInstall(args) {
  console.log(`Installing a browser with Playwright (${args.join(' ')}) ...`);
  const cli = `${ROOT}/node_modules/playwright/cli.js`;
  const { code, stderr } = await runCaptured(execPath, [cli, ...args], { cwd: ROOT });
  if (code !== 0) console.log(`Playwright could not: ${stderr.trim().split('\n').slice(0, 3).join('\n')}`);
  return code === 0;
}

/**
 * Finds a browser that starts, or installs one: by Playwright's download, else by apt.
 *
 * @returns {Promise<{path: string, line: string} | undefined>}
 */
export async function provideBrowser() {
  let browser = await workingBrowser();
  if (browser === undefined) {
    await playwrightInstall(['install', '--no-shell', 'chromium']);
    browser = await workingBrowser();
  }
  if (browser === undefined && canInstall()) {
    if ((await aptUpdate()) && (await aptInstall(['chromium']))) browser = await workingBrowser();
  }
  if (browser === undefined) return undefined;
  return { path: browser.path, line: `Browser: ${browser.path} ${browser.version}`.trim() };
}

/** llvmpipe computes about twice as fast as SwiftShader; older releases of it lack what WebGPU needs. */
async function installLlvmpipe() {
  if (!(await aptUpdate())) return false;
  const packages = ['mesa-vulkan-drivers', 'libvulkan1'];
  const recent = (version) => version !== undefined && version[0] >= OLDEST_MESA;
  if (recent(await candidateVersion(packages[0]))) return aptInstall(packages);
  const release = await enableBackports();
  if (release === undefined || !recent(await candidateVersion(packages[0], release))) return false;
  return aptInstall(packages, release);
}

/**
 * Finds the adapter for tests in Node. Where the system may be changed and has neither GPU nor llvmpipe, llvmpipe is
 * installed; if that fails, SwiftShader serves.
 */
export async function provideAdapter() {
  const adapter = await findAdapter();
  const settled = process.env.CUTPOINT_ADAPTER || (adapter !== undefined && adapter.kind !== 'swiftshader');
  if (settled || !canInstall()) return adapter;
  return (await installLlvmpipe()) ? ((await findAdapter()) ?? adapter) : adapter;
}
