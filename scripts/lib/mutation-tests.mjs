import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './paths.mjs';

/** What leads there opens a GPU device, or starts a command that may. */
const DEVICE = ['webgpu', 'node:child_process'];

/**
 * The tests that reach one of the files by their imports, and need no device.
 *
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function testsFor(files, root = ROOT) {
  const wanted = new Set(files);
  const known = new Map();
  const imports = (path) => {
    if (!known.has(path)) known.set(path, importsOf(root, path));
    return known.get(path);
  };
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((path) => {
      if (!/\.test\.tsx?$/.test(path)) return false;
      const reached = reachedFrom(path, imports);
      return DEVICE.every((name) => !reached.has(name)) && [...reached].some((name) => wanted.has(name));
    })
    .toSorted();
}

function reachedFrom(path, imports) {
  const reached = new Set([path]);
  // What is added meanwhile is visited too.
  for (const name of reached) for (const next of imports(name)) reached.add(next);
  return reached;
}

/** Files of the project by their path, packages by their name. */
function importsOf(root, path) {
  if (!/\.tsx?$/.test(path)) return [];
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:from|import|import\()\s*'([^']+)'/g)].map(([, name = '']) => {
    if (!name.startsWith('.')) return name;
    const target = join(dirname(path), name).replaceAll('\\', '/');
    return [target, `${target}.ts`, `${target}.tsx`].find((file) => existsSync(join(root, file))) ?? target;
  });
}
