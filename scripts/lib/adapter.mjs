import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserFolders } from './browser.mjs';
import { ROOT } from './paths.mjs';
import { runCaptured, SCRIPT_ARGS } from './process.mjs';

const PROBE = join(dirname(fileURLToPath(import.meta.url)), 'probe-adapter.mjs');
const PROBE_LIMIT_MS = 60_000;
const OLDEST_MESA = 24;
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render|\bwarp\b|\bsoftware\b/i;

export const ADAPTER_HELP = [
  'No Vulkan adapter was found for Node (the GPU kernels are tested in Node, without a browser). Any of these helps:',
  '  - a GPU with a Vulkan driver',
  '  - Mesa 24 or newer with llvmpipe   (Debian, Ubuntu: apt-get install mesa-vulkan-drivers; Fedora: mesa-vulkan-drivers)',
  '  - Chrome or Chromium, which brings SwiftShader   (npx playwright install chromium, or CHROME_PATH=/path/to/chrome)',
  'CUTPOINT_ADAPTER=gpu|llvmpipe|swiftshader forces one of them.',
].join('\n');

/**
 * @typedef {object} Adapter
 * @property {'gpu' | 'llvmpipe' | 'swiftshader' | 'software'} kind
 * @property {Record<string, string>} env what the process that opens the adapter needs in its environment
 * @property {string} line one line that says what is used
 */

async function probe(env) {
  const result = await runCaptured(process.execPath, [...SCRIPT_ARGS, PROBE], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    timeout: PROBE_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const line = result.stdout.trim().split('\n').at(-1) ?? '';
  if (result.code !== 0 || !line.startsWith('{')) return { found: false, problem: result.stderr.trim() };
  return JSON.parse(line);
}

function describe(info) {
  return info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ');
}

// Both names: loaders before 1.3.207 know the older one only.
const driverEnv = (file) => ({ VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file });

function icdFiles(pattern) {
  const data = (process.env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':');
  const folders = new Set(
    [...data, '/usr/local/share', '/usr/share', '/usr/local/etc', '/etc'].map((d) => join(d, 'vulkan/icd.d')),
  );
  return [...folders].flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .map((name) => realpathSync(join(folder, name)));
  });
}

/** A person's own choice of driver is taken as it is; otherwise software drivers are masked so that a GPU shows itself. */
async function findGpu() {
  const chosen = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const env = chosen === undefined ? { VK_LOADER_DRIVERS_DISABLE: '*lvp*,*swiftshader*' } : {};
  const info = await probe(env);
  if (!info.found) return undefined;
  const software = SOFTWARE.test([info.vendor, info.architecture, info.device, info.description].join(' '));
  if (software && chosen === undefined) return undefined;
  const kind = software ? 'software' : 'gpu';
  return { kind, env, line: `Adapter for Node: ${describe(info)} (${software ? 'chosen by VK_DRIVER_FILES' : 'GPU'})` };
}

async function findLlvmpipe() {
  for (const file of icdFiles(/^lvp_icd.*\.json$/)) {
    const info = await probe(driverEnv(file));
    if (!info.found) continue;
    // Dawn tells the release, wgpu does not.
    const [, mesa] = /Mesa (\d+)/.exec(info.description ?? '') ?? [];
    if (mesa !== undefined && Number(mesa) < OLDEST_MESA) continue;
    return { kind: 'llvmpipe', env: driverEnv(file), line: `Adapter for Node: ${describe(info)} (software)` };
  }
  return undefined;
}

async function findSwiftShader() {
  for (const folder of await browserFolders()) {
    const file = join(folder, 'vk_swiftshader_icd.json');
    if (!existsSync(file)) continue;
    // Where the system has no Vulkan loader, the one beside the browser serves.
    const withLoader = {
      ...driverEnv(file),
      LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    };
    for (const env of [driverEnv(file), withLoader]) {
      const info = await probe(env);
      if (info.found)
        return { kind: 'swiftshader', env, line: `Adapter for Node: ${describe(info)} (software) from ${folder}` };
    }
  }
  return undefined;
}

/** Metal and Direct3D need no Vulkan driver; whatever they offer is better than nothing. */
async function findAnything() {
  if (process.platform === 'linux') return undefined;
  const info = await probe({});
  return info.found ? { kind: 'software', env: {}, line: `Adapter for Node: ${describe(info)}` } : undefined;
}

const FINDERS = { gpu: findGpu, llvmpipe: findLlvmpipe, swiftshader: findSwiftShader, any: findAnything };

/**
 * Finds an adapter for Dawn in Node: a real GPU, else llvmpipe, else SwiftShader.
 *
 * @returns {Promise<Adapter | undefined>}
 * @throws Error when CUTPOINT_ADAPTER names something else
 */
export async function findAdapter() {
  const wanted = process.env.CUTPOINT_ADAPTER || undefined;
  if (wanted !== undefined && !['gpu', 'llvmpipe', 'swiftshader'].includes(wanted)) {
    throw new Error(`CUTPOINT_ADAPTER is "${wanted}"; it can be gpu, llvmpipe or swiftshader.`);
  }
  for (const kind of wanted === undefined ? Object.keys(FINDERS) : [wanted]) {
    const adapter = await FINDERS[kind]();
    if (adapter !== undefined) return adapter;
  }
  return undefined;
}

/** Environment for a child that opens the adapter; the line spares it a search of its own. */
export function adapterEnv(adapter) {
  return { ...adapter.env, CUTPOINT_ADAPTER_LINE: adapter.line };
}
