// npm run mutate: changes the code in small ways, one at a time, and tells which changes no test notices. See docs/testing.md.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreTable, undetectedLines } from './lib/mutation-report.mjs';
import { mutationScope } from './lib/mutation-scope.mjs';
import { testsFor } from './lib/mutation-tests.mjs';
import { ensureFolderPackages, ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

/** Lines in a piece of a sample. */
const PIECE = 20;

const HELP = `npm run mutate -- [FILE or FOLDER ...]   mutates what is named, or everything in its scope

  --list    show the last results of what is named, without a run
  --force   run every mutant again, also where neither it nor its tests have changed
  --every N a sample: of the lines in pieces of ${PIECE} only each N-th piece, the same ones each time
Results: runs/mutation/mutation.json and mutation.html`;
const REPORT = join(ROOT, 'runs/mutation/mutation.json');

const fail = (message) => {
  console.error(message);
  process.exit(2);
};

/** The files of the scope that a name stands for. */
function filesOf(name, { mutated, leftOut }) {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
  const found = mutated.filter((file) => file === path || file.startsWith(`${path}/`));
  const why = leftOut.get(path) ?? 'there is nothing of the scope (docs/testing.md)';
  return found.length > 0 ? found : fail(`${name} is not mutated: ${why}.`);
}

/** Stryker's names for each `every`-th piece of the files, counted through all of them. */
function sampleOf(files, every) {
  const pieces = files.flatMap((file) => {
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n').length;
    return Array.from({ length: Math.ceil(lines / PIECE) }, (_, k) => `${file}:${k * PIECE + 1}-${(k + 1) * PIECE}`);
  });
  return pieces.filter((_, k) => k % every === 0);
}

const args = process.argv.slice(2);
const everyAt = args.indexOf('--every');
const every = everyAt < 0 ? 1 : Number(args.splice(everyAt, 2)[1]);
if (!Number.isInteger(every) || every < 1) fail(`--every takes a whole number from 1.\n${HELP}`);
const flags = args.filter((arg) => arg.startsWith('-'));
const names = args.filter((arg) => !arg.startsWith('-'));
if (flags.includes('--help') || flags.includes('-h')) {
  console.log(HELP);
  process.exit(0);
}
const unknown = flags.find((flag) => flag !== '--list' && flag !== '--force');
if (unknown !== undefined) fail(`There is no option ${unknown}.\n${HELP}`);
const problem = nodeVersionProblem();
if (problem !== undefined) fail(problem);

const scope = mutationScope();
const files = names.length === 0 ? scope.mutated : [...new Set(names.flatMap((name) => filesOf(name, scope)))];
if (!flags.includes('--list')) {
  const tests = testsFor(files);
  if (tests.length === 0) fail(`No test that needs no device reaches ${names.join(', ')}: every mutant would survive.`);
  await ensurePackages({ dev: true });
  await ensureFolderPackages('mutation', 'the mutation tester');
  const stryker = join(ROOT, 'mutation/node_modules/@stryker-mutator/core/bin/stryker.js');
  const options = [
    'run',
    'mutation/stryker.config.json',
    '--mutate',
    (every > 1 ? sampleOf(files, every) : files).join(','),
  ];
  options.push('--testFiles', tests.join(','));
  // A sample keeps no results for the next run, which may be of everything.
  if (every > 1) options.push('--incrementalFile', 'runs/mutation/sample.json');
  if (flags.includes('--force') || every > 1) options.push('--force');
  process.exitCode = await runForeground(process.execPath, [stryker, ...options], { cwd: ROOT });
}
if ((process.exitCode ?? 0) === 0) {
  if (!existsSync(REPORT)) fail('There are no results yet: run it without --list.');
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  console.log([...undetectedLines(report, files), '', ...scoreTable(report, files)].join('\n'));
}
