// node scripts/pictures.mjs [NAME ..]: takes the pictures of README and docs/guide again, all or those named, from the page itself
// (built here, in Chromium on its SwiftShader) and writes them to docs/pictures. Encoding takes a package, which is fetched into a
// temporary folder. Look at them before they are committed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { BROWSER_HELP, browserFlags, findBrowser } from './lib/browser.mjs';
import { buildPage } from './lib/build-page.mjs';
import { servePage } from './lib/page-server.mjs';
import { ROOT } from './lib/paths.mjs';
import { cut } from './pictures/cut.mjs';
import { animation, loadEncoder, still } from './pictures/encode.mjs';
import { STILLS } from './pictures/stills.mjs';

const PICTURES = join(ROOT, 'docs/pictures');

const fail = (message) => {
  console.error(message);
  process.exit(2);
};

const ALL = { cut, ...STILLS };
const known = Object.keys(ALL);
const names = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) fail(`There is no picture "${unknown[0]}". There are ${known.join(', ')}.`);
const found = await findBrowser();
if (found === undefined) fail(BROWSER_HELP);

const folder = mkdtempSync(join(tmpdir(), 'cutpoint-pictures-'));
let server;
let browser;
try {
  const sharp = await loadEncoder(join(folder, 'encoder'));
  await buildPage(join(folder, 'page'));
  server = await servePage(join(folder, 'page'));
  browser = await chromium.launch({ executablePath: found.path, args: browserFlags(false) });
  mkdirSync(PICTURES, { recursive: true });
  for (const name of names) {
    const { size, scale = 1.5, take } = ALL[name];
    // Without motion a picture is of a page at rest; each begins with a browser that has seen nothing.
    const context = await browser.newContext({
      viewport: size,
      deviceScaleFactor: scale,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
    });
    const taken = await take(await context.newPage(), server.url);
    const file = await (Array.isArray(taken) ? animation(sharp, taken) : still(sharp, taken));
    writeFileSync(join(PICTURES, `${name}.webp`), file);
    console.log(`docs/pictures/${name}.webp: ${Math.ceil(file.length / 1000)} kB`);
    await context.close();
  }
} finally {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
