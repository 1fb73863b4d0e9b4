/** What package.json starts runs before any package is there: it installs them itself, so it may import none at once. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './lib/paths.mjs';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const entries = [...new Set(Object.values(scripts).flatMap((line) => /^node (\S+\.mjs)/.exec(line)?.[1] ?? []))];

/** Static imports of a file and of all that it imports so: packages, each with the file that names it. */
function packagesAtOnce(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const froms = /^(?:import|export)\s[^'";]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;
  const names = [...text.matchAll(froms)].map(([, from, bare]) => from ?? bare);
  return names.flatMap((name) => {
    if (name.startsWith('node:')) return [];
    return name.startsWith('.')
      ? packagesAtOnce(join(dirname(file), name), seen)
      : [`${relative(ROOT, file)}: ${name}`];
  });
}

describe('from a fresh clone', () => {
  it('finds what package.json starts', () => {
    expect(entries).toEqual(expect.arrayContaining(['scripts/start.mjs', 'scripts/test.mjs', 'scripts/cli.mjs']));
  });

  it.each(entries)('%s begins without a package', (entry) => {
    expect(packagesAtOnce(join(ROOT, entry))).toEqual([]);
  });
});
