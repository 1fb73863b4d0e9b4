import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

/**
 * @typedef {object} Document
 * @property {string} path from the root, with slashes
 * @property {{text: string, line: number}[]} spans of code within a sentence
 * @property {{language: string, text: string, line: number}[]} fences blocks of code; line: that of their first line of code
 * @property {{url: string, line: number}[]} links pictures too
 * @property {{name: string, value: string, line: number}[]} numbers a number in brackets behind a code span: "`groupSize` (8)"
 * @property {Set<string>} anchors what a link can point to behind #
 * @property {{headings: string[], line: number, names: string[]}[]} rows of tables, but for their heads: the headings that they
 *   stand under, the document's first, and the code spans of their first cell
 */

const textOf = (node) => node.value ?? node.alt ?? (node.children ?? []).map(textOf).join('');

/** Code spans of a table's first cell; "`x0` .. `x3`" stands for x0, x1, x2 and x3. */
function namesIn(cell) {
  const names = [];
  for (const [i, node] of cell.children.entries()) {
    if (node.type !== 'inlineCode') continue;
    const [, stem, from] = /^(.*?)(\d+)$/.exec(names.at(-1) ?? '') ?? [];
    const [, same, to] = /^(.*?)(\d+)$/.exec(node.value) ?? [];
    const range = stem !== undefined && stem === same && /^\s*\.\.\s*$/.test(cell.children[i - 1]?.value ?? '');
    if (range) for (let n = Number(from) + 1; n < Number(to); n++) names.push(`${stem}${n}`);
    names.push(node.value);
  }
  return names;
}

/**
 * Takes a Markdown document apart.
 *
 * @param {string} path from the root, with slashes
 * @param {string} markdown
 * @returns {Document}
 */
export function readDocument(path, markdown) {
  const found = { path, spans: [], fences: [], links: [], numbers: [], anchors: new Set(), rows: [] };
  const slugger = new GithubSlugger();
  const headings = [];
  const visit = (node) => {
    const { line } = node.position.start;
    if (node.type === 'inlineCode') found.spans.push({ text: node.value, line });
    if (node.type === 'code') found.fences.push({ language: node.lang ?? '', text: node.value, line: line + 1 });
    if (['link', 'image', 'definition'].includes(node.type)) found.links.push({ url: node.url, line });
    if (node.type === 'heading') {
      headings.splice(node.depth - 1, Infinity, textOf(node));
      found.anchors.add(slugger.slug(textOf(node)));
    }
    if (node.type === 'html') {
      for (const [, id] of node.value.matchAll(/\bid="([^"]+)"/g)) found.anchors.add(id);
      for (const [, url] of node.value.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)) found.links.push({ url, line });
    }
    if (node.type === 'table') {
      for (const row of node.children.slice(1)) {
        found.rows.push({ headings: [...headings], line: row.position.start.line, names: namesIn(row.children[0]) });
      }
    }
    for (const [i, child] of (node.children ?? []).entries()) {
      const [, value] = /^ \((\d[\d.]*(?:e-?\d+)?)\)/.exec(node.children[i + 1]?.value ?? '') ?? [];
      if (child.type === 'inlineCode' && value !== undefined)
        found.numbers.push({ name: child.value, value, line: child.position.start.line });
      visit(child);
    }
  };
  visit(fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] }));
  return found;
}
