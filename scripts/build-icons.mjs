/**
 * Builds the PNG icons of the installed page from public/icons/icon.svg, in a browser. Run after a change of the drawing:
 * node scripts/build-icons.mjs
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BROWSER_HELP, findBrowser } from './lib/browser.mjs';

const folder = new URL('../public/icons/', import.meta.url);
/** A maskable icon may lose its corners to any shape, so its ground has none and the drawing keeps to the middle. */
const ICONS = [
  { file: 'icon-192.png', size: 192, maskable: false },
  { file: 'icon-512.png', size: 512, maskable: false },
  { file: 'icon-maskable-512.png', size: 512, maskable: true },
];

const svg = await readFile(new URL('icon.svg', folder), 'utf8');
const found = await findBrowser();
if (found === undefined) throw new Error(BROWSER_HELP);
const { chromium } = await import('@playwright/test');
const browser = await chromium.launch({ executablePath: found.path });
const page = await browser.newPage();
for (const { file, size, maskable } of ICONS) {
  const drawing = maskable
    ? svg
        .replace('rx="12"', '')
        .replace('viewBox="0 0 64 64"', 'viewBox="-8 -8 80 80"')
        .replace(/<rect width="64" height="64"/, '<rect x="-8" y="-8" width="80" height="80"')
    : svg;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${drawing}`);
  await page.screenshot({ path: fileURLToPath(new URL(file, folder)), omitBackground: true });
}
await browser.close();
