// npm start: from a fresh clone to the page. Plain Node; until packages are there it may import nothing else.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

const HELP = `npm start -- [options]   installs what the page needs (once), then serves it

  --follow DIR    show the rollouts that a training writes into DIR, as they are written (read only)
  --port NUMBER   port to listen on (5173, or the next free one)
  --host [NAME]   listen on other addresses too (without a name: on all)
  --open          open the page in a browser (done by itself on a desktop)
  --no-open       do not
Other options go to Vite.`;

function hasDesktop() {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (CI || SSH_CONNECTION || !process.stdout.isTTY) return false;
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/**
 * Takes `--follow DIR` out of the arguments.
 *
 * @returns {Promise<{ rest: string[], folder?: string, problem?: string }>}
 */
async function readFollow(args) {
  const at = args.findIndex((arg) => arg === '--follow' || arg.startsWith('--follow='));
  if (at < 0) return { rest: args };
  const own = args[at].startsWith('--follow=');
  const named = own ? args[at].slice('--follow='.length) : (args[at + 1] ?? '');
  const rest = args.toSpliced(at, own ? 1 : 2);
  if (named === '' || named.startsWith('--'))
    return { rest, problem: '--follow needs the folder of a training: npm start -- --follow DIR' };
  // npm runs scripts in the checkout; what a person types is seen from where they are.
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), named);
  const found = await stat(folder).catch(() => null);
  if (found && !found.isDirectory())
    return { rest, problem: `--follow needs a folder, and ${folder} is none: name the folder it lies in.` };
  console.log(found ? `Following ${folder}; it is only read.` : `${folder} is not there yet: the page waits for it.`);
  return { rest, folder };
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const problem = nodeVersionProblem();
  if (problem !== undefined) {
    console.error(problem);
    return 2;
  }
  const { rest, folder, problem: noFolder } = await readFollow(args);
  if (noFolder !== undefined) {
    console.error(noFolder);
    return 2;
  }
  await ensurePackages({ dev: false });
  const open =
    rest.some((arg) => arg.startsWith('--open')) || rest.includes('--no-open') || !hasDesktop() ? [] : ['--open'];
  const passedOn = rest.filter((arg) => arg !== '--no-open');
  console.log('Starting Vite; stop it with Ctrl-C.');
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  return runForeground(process.execPath, [vite, ...open, ...passedOn], {
    cwd: ROOT,
    env: folder === undefined ? process.env : { ...process.env, CUTPOINT_FOLLOW: folder },
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
