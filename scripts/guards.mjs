// node scripts/guards.mjs [WORD]: takes each guard away, one at a time, and runs its test, which must fail. Changes files while it
// runs and puts them back; run it with a clean checkout.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GUARDS } from './lib/guards.mjs';
import { ROOT } from './lib/paths.mjs';
import { runCaptured } from './lib/process.mjs';

const [word = ''] = process.argv.slice(2);
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
const interrupted = () => process.exit(130);
let unnoticed = 0;
for (const { guard, file, from, to, test } of GUARDS.filter((one) => `${one.guard} ${one.file}`.includes(word))) {
  const path = join(ROOT, file);
  const whole = readFileSync(path, 'utf8');
  const putBack = () => writeFileSync(path, whole);
  process.once('exit', putBack);
  process.once('SIGINT', interrupted);
  try {
    writeFileSync(
      path,
      whole.replace(from, () => to),
    );
    const env = { ...process.env, NO_COLOR: '1' };
    const { code, stdout } = await runCaptured(process.execPath, [vitest, 'run', test], { cwd: ROOT, env });
    // A test that does not even begin proves nothing.
    const noticed = code === 1 && /Tests .*\d+ failed/.test(stdout);
    if (!noticed) unnoticed += 1;
    console.log(`${noticed ? 'noticed  ' : 'UNNOTICED'}  ${guard} (${file}): ${test}`);
  } finally {
    putBack();
    process.removeListener('exit', putBack);
    process.removeListener('SIGINT', interrupted);
  }
}
process.exitCode = unnoticed === 0 ? 0 : 1;
