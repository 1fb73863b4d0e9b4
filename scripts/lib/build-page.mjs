import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

/**
 * Builds the page as `npm run build` does, with Vite's manifest (`.vite/manifest.json`), into a folder of the caller's. In a
 * process of its own: a build sets NODE_ENV, which must not reach what this process starts later.
 *
 * @param {string} outDir is emptied first
 * @throws Error with Vite's output where it cannot be built
 */
export async function buildPage(outDir) {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--manifest', '--logLevel', 'warn'];
  const env = { ...process.env, NODE_ENV: 'production' };
  const { code, signal, stdout, stderr } = await runCaptured(process.execPath, args, { cwd: ROOT, env });
  if (code !== 0 || signal !== null) throw new Error(`The page cannot be built:\n${stdout}${stderr}`.trimEnd());
}
