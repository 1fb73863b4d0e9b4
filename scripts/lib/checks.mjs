import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkAdvisories } from './advisories.mjs';
import { checkBundleSize } from './bundle-size.mjs';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

const BIN = `${ROOT}/node_modules`;
const CODE = ['src', 'bench'].filter((folder) => existsSync(join(ROOT, folder)));

async function runTool(args) {
  const { code, signal, stdout, stderr } = await runCaptured(process.execPath, args, { cwd: ROOT });
  return { fine: code === 0 && signal === null, note: '', output: `${stdout}${stderr}`.trimEnd() };
}

const tool = (script, ...args) => {
  return () => runTool([`${BIN}/${script}`, ...args]);
};

/** Each is one pass or one fail of `npm test`. The longest begins first. */
const CHECKS = [
  { name: 'lint', run: tool('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
  { name: 'format', run: tool('prettier/bin/prettier.cjs', '--check', '.'), hint: 'npm run format' },
  { name: 'types', run: tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json') },
  {
    name: 'architecture rules',
    run: tool('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...CODE),
  },
  { name: 'dead code', run: tool('knip/bin/knip.js', '--no-progress') },
  {
    name: 'documents',
    // Loaded when it runs: `npm test` imports this file before the packages are there.
    run: async () => (await import('./check-docs.mjs')).checkDocuments(),
    hint: 'say what is there; the name of another program goes into scripts/lib/documents/others.mjs',
  },
  { name: 'workflows', run: async () => (await import('./check-workflows.mjs')).checkWorkflows() },
  { name: 'bundle size', run: checkBundleSize },
  {
    name: 'advisories',
    run: checkAdvisories,
    hint: 'update the package, or name the exception in scripts/lib/advisories.mjs',
  },
];

/** Two cores are what every machine has; most tools use one. */
const AT_ONCE = 2;

/**
 * Runs the static checks, two at a time, prints a row each as it ends and the output of those that fail.
 *
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runChecks() {
  const waiting = [...CHECKS];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await runCheck(check))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { passed: CHECKS.length - failed, failed };
}

async function runCheck({ name, run, hint }) {
  const start = performance.now();
  const { fine, note, output } = await run().catch(({ message }) => ({ fine: false, note: '', output: message }));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${fine ? 'pass' : 'FAIL'}  ${name.padEnd(20)}${seconds.padStart(6)} s  ${note}`.trimEnd());
  if (!fine) {
    console.log(output);
    if (hint !== undefined) console.log(`To mend it: ${hint}`);
  }
  return fine;
}
