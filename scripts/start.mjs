// npm start: from a fresh clone to the page. Plain Node; until packages are there it may import nothing else.
import { join } from 'node:path';
import { ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

const HELP = `npm start -- [options]   installs what the page needs (once), then serves it

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
  await ensurePackages({ dev: false });
  const open =
    args.some((arg) => arg.startsWith('--open')) || args.includes('--no-open') || !hasDesktop() ? [] : ['--open'];
  const passedOn = args.filter((arg) => arg !== '--no-open');
  console.log('Starting Vite; stop it with Ctrl-C.');
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  return runForeground(process.execPath, [vite, ...open, ...passedOn], { cwd: ROOT });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
