// npm start: from a fresh clone to the page. Plain Node; until packages are there it may import nothing else.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { urlProblem } from './lib/live-server.mjs';
import { ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

const HELP = `npm start -- [options]   installs what the page needs (once), then serves it

  --follow DIR    show the rollouts that a training writes into DIR, as they are written (read only)
  --model URL     cut rollouts of a real LLM: its server, such as http://localhost:8000/v1
  --model-name N  which of its models (its first)
  --retriever URL what its searches ask, such as http://localhost:8001/retrieve
  --judge URL     a server whose model says which searches helped, such as http://localhost:8002/v1
  --port NUMBER   port to listen on (5173, or the next free one)
  --host [NAME]   listen on other addresses too (without a name: on all)
  --open          open the page in a browser (done by itself on a desktop)
  --no-open       do not
Other options go to Vite. Keys come from the environment: CUTPOINT_MODEL_KEY, CUTPOINT_RETRIEVER_KEY, CUTPOINT_JUDGE_KEY.`;

function hasDesktop() {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (CI || SSH_CONNECTION || !process.stdout.isTTY) return false;
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/**
 * Takes a flag and its value out of the arguments.
 *
 * @returns {{ rest: string[], value?: string }} value: '' where there is none
 */
function takeFlag(args, name) {
  const flag = `--${name}`;
  const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return { rest: args };
  const own = args[at].startsWith(`${flag}=`);
  const next = args[at + 1] ?? '';
  if (!own && next.startsWith('--')) return { rest: args.toSpliced(at, 1), value: '' };
  return { rest: args.toSpliced(at, own ? 1 : 2), value: own ? args[at].slice(flag.length + 1) : next };
}

/** @returns {Promise<{ rest: string[], folder?: string, problem?: string }>} */
async function readFollow(args) {
  const { rest, value } = takeFlag(args, 'follow');
  if (value === undefined) return { rest };
  if (value === '') return { rest, problem: '--follow needs the folder of a training: npm start -- --follow DIR' };
  // npm runs scripts in the checkout; what a person types is seen from where they are.
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), value);
  const found = await stat(folder).catch(() => null);
  if (found && !found.isDirectory())
    return { rest, problem: `--follow needs a folder, and ${folder} is none: name the folder it lies in.` };
  console.log(found ? `Following ${folder}; it is only read.` : `${folder} is not there yet: the page waits for it.`);
  return { rest, folder };
}

/** @returns {{ rest: string[], servers?: import('./lib/live-server.mjs').LiveServers, problem?: string }} */
function readServers(args) {
  const given = {};
  let rest = args;
  for (const name of ['model', 'model-name', 'retriever', 'judge']) {
    const { rest: others, value } = takeFlag(rest, name);
    rest = others;
    if (value === undefined) continue;
    const problem = name === 'model-name' ? value === '' && '--model-name needs a name.' : urlProblem(name, value);
    if (problem) return { rest, problem };
    given[name] = value;
  }
  if (Object.keys(given).length === 0) return { rest };
  const { model, retriever = null, judge = null } = given;
  if (model === undefined)
    return { rest, problem: 'Name the model server too: npm start -- --model http://localhost:8000/v1' };
  console.log(`Cut Lab asks ${[model, retriever, judge].filter(Boolean).join(', ')}, and nothing else.`);
  return { rest, servers: { model, modelName: given['model-name'] ?? null, retriever, judge } };
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
  const followed = await readFollow(args);
  const { rest, servers, problem: noServers } = readServers(followed.rest);
  const wrong = followed.problem ?? noServers;
  if (wrong !== undefined) {
    console.error(wrong);
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
    env: {
      ...process.env,
      ...(followed.folder === undefined ? {} : { CUTPOINT_FOLLOW: followed.folder }),
      ...(servers === undefined ? {} : { CUTPOINT_LIVE: JSON.stringify(servers) }),
    },
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
