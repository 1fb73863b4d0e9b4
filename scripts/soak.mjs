// npm run soak: many updates in one process (src/cli/soak.ts), or with --page half an hour of them in Chromium.
import { parseArgs } from 'node:util';
import { ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

const DEFAULT_MINUTES = '30';

const fail = (message) => {
  console.error(message);
  process.exit(2);
};

function minutesOf(args) {
  try {
    const options = { page: { type: 'boolean' }, minutes: { type: 'string', default: DEFAULT_MINUTES } };
    return Number(parseArgs({ args, options }).values.minutes);
  } catch (error) {
    return fail(`${error.message}\nSee npm run soak -- --help.`);
  }
}

const args = process.argv.slice(2);
if (!args.includes('--page') || args.includes('--help')) {
  process.exitCode = await runForeground(process.execPath, [join(ROOT, 'scripts/cli.mjs'), 'soak', ...args]);
} else {
  const problem = nodeVersionProblem();
  if (problem !== undefined) fail(problem);
  const minutes = minutesOf(args);
  if (!(minutes >= 1)) fail('--minutes takes a number from 1 on.');
  await ensurePackages({ dev: true });
  const { soakPage } = await import('./lib/page-soak.mjs');
  const fine = await soakPage({ minutes, log: (line) => console.log(line) }).catch((error) => fail(error.message));
  process.exitCode = fine ? 0 : 1;
}
