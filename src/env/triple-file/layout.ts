/** How a text of facts is laid out: its comments, its header, what is between its columns, and which ones count. */
import type { Columns } from '../../config/column-lines';
import { guessColumns, headerColumns } from './columns';
import type { Line } from './line';
import { readTerms } from './n-triples';
import { spaced, unprinted } from './printed';
import { findSeparation, split, type Separation } from './separate';

export interface Layout {
  /** Lines that should be facts. */
  readonly rows: readonly Line[];
  /** null for N-Triples. */
  readonly separation: Separation | null;
  readonly columns: Columns;
  /** Where the columns are from. */
  readonly columnsBy: 'person' | 'header' | 'order' | 'values';
  /** The words of the header, null where there is none. */
  readonly header: readonly string[] | null;
  /** Lines that begin with # and were left out; those with a meaning of ours do not count. */
  readonly comments: number;
  /** Lines that begin with # and are facts. */
  readonly hashNames: number;
  /** How each fact is printed, where that is no table. */
  readonly printed: string | null;
  /** Signs that were tried in vain, null where one fits. */
  readonly tried: string | null;
}

/** Control characters other than the tab; NUL and friends mean that the file is no text. U+FFFD is what bad UTF-8 decodes to. */
// eslint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000e-\u001f\ufffd]/;
/** Rows that columns are guessed from. */
const SAMPLE = 2000;
const OURS = /^\s*#\s*(phrase|columns|part):/;
/** Excel's first line that names the separator. */
const SEP = /^sep=.$/i;

export function isText(content: string): boolean {
  return !BINARY.test(content);
}

/** @param set the columns that a person chose */
export function layOut(text: string, set: Columns | null): Layout {
  const { rows: given, hashed } = linesOf(text);
  const printed = unprinted(given);
  const rows = printed?.rows ?? spacedRows(given);
  const comments = hashed.filter(({ content }) => !OURS.test(content));
  const base = { header: null, hashNames: 0, tried: null, printed: printed?.form ?? null } as const;
  const terms = rows.slice(0, 20).filter(({ content }) => readTerms(content) !== null).length;
  if (terms > 0 && terms * 2 >= Math.min(rows.length, 20)) {
    return {
      ...{ ...base, rows, separation: null, comments: comments.length },
      ...({ columns: [1, 2, 3], columnsBy: 'order' } as const),
    };
  }
  const readable = (rows.length > 0 ? rows : comments).filter(({ content }) => isText(content));
  const separation = findSeparation(readable.map(({ content }) => content));
  const fieldsOf = ({ content }: Line): readonly string[] => split(content, separation)?.fields ?? [];
  const [first] = rows;
  const named = first === undefined ? null : headerColumns(fieldsOf(first));
  const facts = named === null ? rows : rows.slice(1);
  const names = factsAmong(comments, facts, fieldsOf, separation.width);
  const all = names.length === 0 ? facts : [...facts, ...names].sort((a, b) => a.line - b.line);
  const guess = guessColumns(all.slice(0, SAMPLE).map(fieldsOf), separation.width);
  const isUsual = guess.every((column, k) => column === k + 1);
  return {
    ...{ rows: all, separation: { ...separation, width: Math.max(separation.width, 3) } },
    columns: set ?? named ?? guess,
    columnsBy: set !== null ? 'person' : named !== null ? 'header' : isUsual ? 'order' : 'values',
    header: named === null || first === undefined ? null : fieldsOf(first).map((field) => field.trim()),
    comments: comments.length - names.length,
    hashNames: names.length,
    printed: base.printed,
    tried: separation.width < 2 ? 'tab, comma, semicolon and |' : null,
  };
}

/** Spaces are between the columns where nothing else is. */
function spacedRows(rows: Line[]): Line[] {
  const sample = rows.filter(({ content }) => isText(content));
  if (sample.length === 0 || sample.length < rows.length || rows.some(({ content }) => /[\t,;|]/.test(content)))
    return rows;
  return spaced(rows) ?? rows;
}

/** Lines that say something, and those that begin with #. */
function linesOf(text: string): { rows: Line[]; hashed: Line[] } {
  const rows: Line[] = [];
  const hashed: Line[] = [];
  let line = 0;
  for (const content of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    line += 1;
    if (line === 1 && SEP.test(content)) continue;
    if (isText(content) && content.trim() === '') continue;
    if (isText(content) && content.trimStart().startsWith('#')) hashed.push({ line, content });
    else rows.push({ line, content });
  }
  return { rows, hashed };
}

/**
 * In a file without comments a name may begin with #. Lines are comments where one of them is no fact, where a space follows
 * the sign, or where the name without the sign is one of the file: then a fact was taken out.
 */
function factsAmong(
  hashed: readonly Line[],
  facts: readonly Line[],
  fieldsOf: (line: Line) => readonly string[],
  width: number,
): readonly Line[] {
  if (width < 3 || hashed.some((line) => fieldsOf(line).length !== width || !/^#[^\s#]/.test(line.content))) return [];
  if (hashed.some((line) => headerColumns(fieldsOf(line)) !== null)) return [];
  const known = new Set(facts.flatMap((line) => fieldsOf(line).map((field) => field.trim())));
  return hashed.some((line) => known.has(fieldsOf(line)[0]?.trim().slice(1) ?? '')) ? [] : hashed;
}
