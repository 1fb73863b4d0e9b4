// node scripts/cli.mjs NAME [args]: bundles src/cli/NAME.ts (TypeScript and `?raw` shaders), finds a GPU adapter and runs it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapterEnv, ADAPTER_HELP, findAdapter } from './lib/adapter.mjs';
import { bundleForNode, processFolder } from './lib/bundle.mjs';
import { ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground, SCRIPT_ARGS } from './lib/process.mjs';

const CACHE = join(ROOT, 'node_modules/.cache/cutpoint-cli');

const fail = (message) => {
  console.error(message);
  process.exit(2);
};

function usage(name) {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const names = Object.values(scripts).flatMap((script) => /scripts\/cli\.mjs (\S+)/.exec(script)?.[1] ?? []);
  const problem = name === undefined ? '' : `There is no command "${name}". `;
  return `Usage: node scripts/cli.mjs NAME [arguments]\n${problem}Names: ${names.join(', ')}`;
}

const [name, ...args] = process.argv.slice(2);
const problem = nodeVersionProblem();
if (problem !== undefined) fail(problem);
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(join(ROOT, 'src/cli', `${name}.ts`)))
  fail(usage(name));

await ensurePackages({ dev: true }).catch((error) => fail(error.message));
const adapter = await findAdapter().catch((error) => fail(error.message));
// Without one the command still starts: it may need none, and says what to install when it asks for one.
if (adapter === undefined && process.env.CUTPOINT_ADAPTER) fail(ADAPTER_HELP);
if (adapter === undefined) console.error(ADAPTER_HELP);
else console.error(adapter.line);

const file = await bundleForNode(join(ROOT, 'src/cli', `${name}.ts`), processFolder(CACHE));
const env = { ...process.env, ...(adapter === undefined ? {} : adapterEnv(adapter)) };
process.exitCode = await runForeground(process.execPath, [...SCRIPT_ARGS, file, ...args], { env });
