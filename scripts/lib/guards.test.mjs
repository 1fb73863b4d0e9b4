import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GUARDS } from './guards.mjs';
import { ROOT } from './paths.mjs';

it.each(GUARDS)('$guard stands where the list says, once', ({ file, from, to, test }) => {
  expect(readFileSync(join(ROOT, file), 'utf8').split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  expect(existsSync(join(ROOT, test))).toBe(true);
});
