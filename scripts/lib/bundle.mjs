import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

const APART = join(ROOT, 'scripts/lib/bundle-apart.mjs');

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * A folder of this process under `cache`, removed when it ends, since several commands may run at once; those of processes
 * that are gone are removed now.
 */
export function processFolder(cache) {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (!isRunning(Number(name))) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const folder = join(cache, String(process.pid));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Bundles TypeScript with its `?raw` shaders for Node.
 *
 * @param {string} entry
 * @param {string} outDir
 * @param {import('vite').UserConfig['ssr']} [ssr] which packages go into the bundle
 * @returns {Promise<string>} the module
 */
export async function bundleForNode(entry, outDir, ssr = {}) {
  const [file] = await bundlesForNode([entry], outDir, ssr);
  return file;
}

/**
 * The same for several modules at once, which share what they have in common.
 *
 * @param {readonly string[]} entries
 * @param {string} outDir
 * @param {import('vite').UserConfig['ssr']} [ssr]
 * @returns {Promise<string[]>} the modules, in the order of `entries`
 */
export async function bundlesForNode(entries, outDir, ssr = {}) {
  const { build } = await import('vite');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr,
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: entries,
        external: ['webgpu'],
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return entries.map((entry) => join(outDir, `${basename(entry, '.ts')}.mjs`));
}

/**
 * Bundles modules with the packages that they use, in a process of its own: Vite sets NODE_ENV, which must not reach what this
 * process starts later.
 *
 * @param {readonly string[]} entries
 * @param {string} outDir holds NAME.mjs for each
 * @throws Error with what Vite says where they cannot be bundled
 */
export async function bundleApart(entries, outDir) {
  const { code, stdout, stderr } = await runCaptured(process.execPath, [APART, outDir, ...entries], { cwd: ROOT });
  if (code !== 0) throw new Error(`${entries.join(', ')} cannot be bundled:\n${stdout}${stderr}`.trimEnd());
}
