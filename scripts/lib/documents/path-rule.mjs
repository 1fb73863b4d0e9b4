import { posix } from 'node:path';
import { exists, SOURCE_FILE } from './file-tree.mjs';

/** One word that can be a path: no spaces, quotes or brackets but those of a placeholder. */
const PATH = /^(\.{1,2}\/|\.?)[\w@*<{][\w@.*<>{},-]*(\/[\w@.*<>{},-]+)*\/?$/;
/** Only an ending: `.tsv`, `.jsonl.gz`. */
const ENDING = /^\.[a-z]+(\.[a-z]+)*$/;

/**
 * What is wrong with a word as a path; undefined where it is fine, or no path of ours. A path is ours when it begins with a
 * folder of the root, of `src` or of the document's own, with `./` or `../`, or when it names a source file. What a person makes
 * (`runs/first`, `mine.tsv`) begins with none of these, and what is built (`dist/`) git ignores.
 *
 * @param {string} word
 * @param {string} from the document
 * @param {import('./program.mjs').Program['tree']} tree
 * @returns {string | undefined}
 */
export function pathProblem(word, from, tree) {
  if (!PATH.test(word) || ENDING.test(word)) return undefined;
  const here = posix.dirname(from);
  const [first] = word.split('/');
  const missing = `there is no ${word}`;
  if (first === '.' || first === '..') return exists(tree, posix.join(here, word)) ? undefined : missing;
  if (word.split('/').some((part) => tree.ignored.includes(part))) return undefined;
  if (word.includes('/') && tree.folders.includes(first)) return exists(tree, word) ? undefined : missing;
  if (SOURCE_FILE.test(word)) return exists(tree, word, { anywhere: true }) ? undefined : `${missing} in any folder`;
  if (!word.includes('/')) return undefined;
  const bases = [here, 'src'].filter((base) => tree.folders.includes(posix.join(base, first)));
  return bases.length === 0 || bases.some((base) => exists(tree, posix.join(base, word))) ? undefined : missing;
}

/** What is wrong with a link; undefined for one that leads out of the repository, which nobody can check offline. */
export function linkProblem(url, document, { tree, documents }) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return undefined;
  const [path, anchor] = decodeURI(url).split('#');
  const target = path === '' ? document.path : posix.join(posix.dirname(document.path), path);
  if (path !== '' && !tree.files.includes(target) && !tree.folders.includes(target.replace(/\/+$/, '')))
    return `the link leads to ${target}, which is not there`;
  if (anchor === undefined) return undefined;
  const page = target === document.path ? document : documents.find((one) => one.path === target);
  return page === undefined || page.anchors.has(anchor) ? undefined : `${target} has no heading #${anchor}`;
}
