import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

const BIN = `${ROOT}/node_modules`;
const CODE = ['src', 'bench'].filter((folder) => existsSync(join(ROOT, folder)));

/** Each is one pass or one fail of `npm test`. */
const CHECKS = [
  { name: 'format', args: [`${BIN}/prettier/bin/prettier.cjs`, '--check', '.'], hint: 'npm run format' },
  { name: 'lint', args: [`${BIN}/eslint/bin/eslint.js`, '--max-warnings', '0', '.'] },
  { name: 'types', args: [`${BIN}/typescript/bin/tsc`, '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'architecture rules',
    args: [`${BIN}/dependency-cruiser/bin/dependency-cruise.mjs`, '--config', '.dependency-cruiser.cjs', ...CODE],
  },
  { name: 'dead code', args: [`${BIN}/knip/bin/knip.js`, '--no-progress'] },
];

/**
 * Runs the static checks one after another, prints a row each and the output of those that fail.
 *
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runChecks() {
  let failed = 0;
  for (const { name, args, hint } of CHECKS) {
    const start = performance.now();
    const { code, signal, stdout, stderr } = await runCaptured(process.execPath, args, { cwd: ROOT });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const fine = code === 0 && signal === null;
    console.log(`${fine ? 'pass' : 'FAIL'}  ${name.padEnd(20)}${seconds.padStart(6)} s`);
    if (fine) continue;
    failed += 1;
    console.log(`${stdout}${stderr}`.trimEnd());
    if (hint !== undefined) console.log(`To mend it: ${hint}`);
  }
  return { passed: CHECKS.length - failed, failed };
}
