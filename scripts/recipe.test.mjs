/** The recipe's own tests (recipes/search_r2), as far as they need nothing but Python's standard library. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const FOLDER = 'recipes/search_r2';
const OLDEST = [3, 10];
const python = ['python3', 'python'].find((name) => {
  const { stdout } = spawnSync(name, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (stdout ?? '').split(' ').map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
});

if (python === undefined) {
  // Nothing of Cutpoint needs Python, so its absence is no failure; it is told, and nothing below claims to have been checked.
  it(`NOT CHECKED: the tests of ${FOLDER} need Python ${OLDEST.join('.')} or newer, which is not here`, () => {
    console.warn(`${FOLDER} was not tested: there is no Python ${OLDEST.join('.')} or newer.`);
  });
} else {
  it(`the tests of ${FOLDER} pass under ${python}: prompts, steps, episodes, rewards, advantages, loss`, () => {
    const args = ['-W', 'error', '-m', 'unittest', 'discover', '-s', 'tests'];
    const env = { ...process.env, PYTHONPATH: 'src', PYTHONDONTWRITEBYTECODE: '1' };
    const { status, stderr } = spawnSync(python, args, { cwd: FOLDER, encoding: 'utf8', env });
    expect(stderr).toMatch(/^OK$/m);
    expect(stderr).toMatch(/^Ran [1-9]\d+ tests/m);
    expect(status).toBe(0);
  });
}
