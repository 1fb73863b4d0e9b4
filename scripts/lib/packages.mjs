import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runForeground } from './process.mjs';

/** Node releases that Vite runs on; 21 and the first 22s lack `require` of ES modules. Returns a message or undefined. */
export function nodeVersionProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fine = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fine
    ? undefined
    : `Cutpoint needs Node 20.19 or newer (22.12 or newer of Node 22); this is ${version}. See https://nodejs.org`;
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/**
 * Compares node_modules with the lockfile by what is installed, not by file times: a checkout touches times at will.
 *
 * @param {{dev: boolean, folder?: string}} options dev: development packages are needed too; folder: whose package.json
 * @returns {{missing: string[], devInstalled: boolean}} missing: paths that are absent or have another version
 */
export function packagesState({ dev, folder = ROOT }) {
  const wanted = readLock(join(folder, 'package-lock.json'));
  const installed = readLock(join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return { missing: ['node_modules'], devInstalled: false };
  const missing = [];
  let devInstalled = false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const have = installed[path];
    if (entry.dev && have !== undefined) devInstalled = true;
    if ((entry.dev || entry.devOptional) && !dev) continue;
    // Packages for other platforms are listed as optional and stay away.
    if (have === undefined && (entry.optional || entry.devOptional)) continue;
    const present = have !== undefined && existsSync(join(folder, path, 'package.json'));
    if (!present || have.version !== entry.version) missing.push(path);
  }
  return { missing, devInstalled };
}

function npm(args, folder = ROOT) {
  const options = { cwd: folder };
  // Under `npm run` the npm in use is known; it also avoids npm.cmd, which Windows starts through a shell only.
  const script = process.env.npm_execpath;
  if (script !== undefined && /\.c?js$/.test(script))
    return runForeground(process.execPath, [script, ...args], options);
  return runForeground('npm', args, { ...options, shell: process.platform === 'win32' });
}

/**
 * Installs packages if they are not there as the lockfile wants them. Development packages that are already installed
 * stay, also when only the others are asked for.
 *
 * @param {{dev: boolean}} options
 * @throws Error when npm cannot install them
 */
export async function ensurePackages({ dev }) {
  if ('Deno' in globalThis) return expectDenoPackages();
  const { missing, devInstalled } = packagesState({ dev });
  if (missing.length === 0) return;
  // Said both ways, as NODE_ENV=production turns npm's default around.
  const scope = dev || devInstalled ? ['--include=dev'] : ['--omit=dev'];
  const quiet = ['--no-audit', '--no-fund'];
  console.log(`Installing packages (npm ci ${scope[0]}) ...`);
  if ((await npm(['ci', ...scope, ...quiet])) === 0) return;
  console.log('npm ci failed; trying npm install ...');
  // --no-save: a start must not rewrite the lockfile.
  if ((await npm(['install', '--no-save', ...scope, ...quiet])) === 0) return;
  throw new Error('npm could not install the packages. Check the network connection and the message above.');
}

/** Deno lays node_modules out in a way of its own, and a process does not see what it has installed itself. */
function expectDenoPackages() {
  if (existsSync(join(ROOT, 'node_modules/vite/package.json'))) return;
  throw new Error('The packages are missing. Once, before the first command: deno install');
}

/**
 * Installs what one command alone needs, into node_modules of its folder, where it is not there as the lockfile wants it.
 *
 * @param {string} name of the folder
 * @param {string} what for a person
 * @throws Error when npm cannot install them
 */
export async function ensureFolderPackages(name, what) {
  const folder = join(ROOT, name);
  if (packagesState({ dev: true, folder }).missing.length === 0) return;
  console.log(`Installing ${what} into ${name}/node_modules (npm ci) ...`);
  // None of them needs a script to be run.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  if ((await npm(['ci', ...flags], folder)) === 0) return;
  throw new Error(
    `npm could not install the packages of ${name}/. Check the network connection and the message above.`,
  );
}
