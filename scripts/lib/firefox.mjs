import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adapterEnv } from './adapter.mjs';
import { buildPage } from './build-page.mjs';
import { aptInstall, aptUpdate, canInstall } from './debian.mjs';
import { ensureFolderPackages } from './packages.mjs';
import { servePage } from './page-server.mjs';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

export const FIREFOX_HELP = [
  'No Firefox was found for its journey. Any of these helps:',
  '  - FIREFOX_PATH=/path/to/firefox npm test -- --only firefox',
  '  - Firefox on PATH   (Debian: apt-get install firefox-esr)',
].join('\n');

const INSTALLED = ['/Applications/Firefox.app/Contents/MacOS/firefox', 'C:/Program Files/Mozilla Firefox/firefox.exe'];

/** @throws Error when FIREFOX_PATH points to nothing */
function findFirefox() {
  const named = process.env.FIREFOX_PATH;
  if (named && !existsSync(named)) throw new Error(`FIREFOX_PATH is "${named}", but there is no such file.`);
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = ['firefox', 'firefox-esr'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...INSTALLED].find((file) => existsSync(file));
}

/** Finds a Firefox, or installs Debian's where the system may be changed. */
export async function provideFirefox() {
  const found = findFirefox();
  if (found !== undefined || !canInstall()) return found;
  return (await aptUpdate()) && (await aptInstall(['firefox-esr'])) ? findFirefox() : undefined;
}

/** The journey of e2e/firefox on the adapter of the tests in Node, whose weights it must have. */
export async function runFirefox(path, adapter) {
  await ensureFolderPackages('e2e/firefox', 'puppeteer-core');
  const { journey, RUN } = await import(pathToFileURL(join(ROOT, 'e2e/firefox/journey.mjs')).href);
  const env = adapterEnv(adapter);
  const command = [join(ROOT, 'scripts/cli.mjs'), 'weights-hash', RUN, '1'];
  const { stdout } = await runCaptured(process.execPath, command, { cwd: ROOT, env: { ...process.env, ...env } });
  const [, nodeHash] = /"weightsHash":"([0-9a-f]+)"/.exec(stdout) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'cutpoint-firefox-'));
  try {
    await buildPage(folder);
    const server = await servePage(folder);
    try {
      return await journey({ path, url: server.url, nodeHash, env });
    } finally {
      await server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
