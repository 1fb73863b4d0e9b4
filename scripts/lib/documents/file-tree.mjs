import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs and pages: a name with such an ending is that of a file here, in whatever folder. */
export const SOURCE_FILE = /\.(tsx?|[mc]?js|wgsl|css|md)$/;

/**
 * The files and folders of a checkout, whatever .gitignore names left out.
 *
 * @param {string} root
 * @returns {{files: string[], folders: string[], ignored: string[]}} paths from the root, with slashes; ignored: names of folders
 */
export function readTree(root) {
  const lines = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
  const ignored = ['.git', ...lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1))];
  const tree = { files: [], folders: [], ignored };
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) tree.files.push(path);
      if (!entry.isDirectory() || ignored.includes(entry.name)) continue;
      tree.folders.push(path);
      visit(path);
    }
  };
  visit('');
  return tree;
}

/**
 * A path as documents write it: `*`, `<name>` and words in capitals (NAME, WORLD-SIZE) stand for a part of a name, `{a,b}` for
 * either. Documents themselves are named in capitals.
 */
export function patternOf(path) {
  const marked = path.replace(/\/+$/, '').replaceAll(/<[\w-]+>/g, '*');
  const open = marked.endsWith('.md') ? marked : marked.replaceAll(/(?<![A-Za-z0-9])[A-Z]{2,}(?![A-Za-z0-9])/g, '*');
  const source = open
    .replaceAll(/[.+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{([^{}]*)\}/g, (_, list) => `(?:${list.replaceAll(',', '|')})`)
    .replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  return new RegExp(`^${source}$`);
}

/** Whether a file or folder has that path, or that name in any folder. */
export function exists(tree, path, { anywhere = false } = {}) {
  const all = [...tree.files, ...tree.folders];
  if (/^[\w./-]+$/.test(path) && all.includes(path.replace(/\/+$/, ''))) return true;
  const pattern = patternOf(anywhere ? `**/${path}` : path);
  return all.some((one) => pattern.test(anywhere ? `/${one}` : one));
}
