/** Reads triples written by people and programs: tables with a sign between the columns, and N-Triples (docs/formats.md). */
import { columnsIn, type Columns } from '../config/column-lines';
import { MAX_FACTS, MAX_GRAPH_TEXT, MAX_NAME_LENGTH, MAX_TRIPLES_TEXT } from '../config/triple-limits';
import { UserError } from '../lib/assert';
import { fnv1a64Hex } from '../lib/hash';
import { isText, layOut, type Layout } from './triple-file/layout';
import { namesOf, readTerms } from './triple-file/n-triples';
import { split } from './triple-file/separate';

export interface Triple {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
  /** 1-based line in the file. */
  readonly line: number;
}

const HINT = 'Write one fact per line: subject, relation, object, with tabs between them (or commas, semicolons, |).';

/** What is wrong with one line. */
export interface LineProblem {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

export interface TripleReading {
  /** Distinct triples of the good lines, in file order; names are trimmed and Unicode-normalised (NFC). */
  readonly triples: readonly Triple[];
  /** The first problems, at most `mostProblems`. */
  readonly problems: readonly LineProblem[];
  /** All problems, those that are not listed too. */
  readonly problemCount: number;
  /** How the text was taken. */
  readonly layout: Layout;
}

/** What a text may hold that makes a world, and one that a part is taken from. */
const OF_WORLD = { text: MAX_TRIPLES_TEXT, facts: MAX_FACTS };
export const OF_GRAPH = { text: MAX_GRAPH_TEXT, facts: Infinity };

/**
 * Reads as much as can be read; a line with a problem brings no triple.
 *
 * @throws UserError where the text as a whole is no use: too long, too many facts, none at all
 */
export function readTriples(text: string, mostProblems: number, limits = OF_WORLD): TripleReading {
  if (text.length > limits.text) {
    throw new UserError(
      `The file is too large: ${text.length} characters, at most ${limits.text} are read.`,
      `A world holds up to ${MAX_FACTS} facts.`,
    );
  }
  const layout = layOut(text, columnsIn(text));
  const triples = new Map<string, Triple>();
  const problems: LineProblem[] = [];
  let problemCount = 0;
  for (const { line, names } of rowsOf(layout)) {
    const read = typeof names === 'string' ? names : checked(names);
    if (typeof read === 'string') {
      problemCount += 1;
      if (problems.length < mostProblems) problems.push({ line, message: read });
      continue;
    }
    const [subject, relation, object] = read;
    triples.set(`${subject}\t${relation}\t${object}`, { subject, relation, object, line });
    if (triples.size > limits.facts) {
      throw new UserError(`Line ${line}: more than ${limits.facts} facts.`, 'Shorten the file.');
    }
  }
  if (triples.size === 0 && problemCount === 0) throw new UserError('The file holds no facts.', HINT);
  return { triples: [...triples.values()], problems, problemCount, layout };
}

/** All of the text or nothing: @throws UserError with the line number for ragged, empty, over-long or binary input */
export function parseTriples(text: string): readonly Triple[] {
  const { triples, problems } = readTriples(text, 1);
  const [problem] = problems;
  if (problem !== undefined) throw new UserError(`Line ${problem.line}: ${problem.message}`, HINT);
  return triples;
}

/** Identity of a world's facts (docs/formats.md): comments, separators and line ends do not count, the order does. */
export function hashOfFacts(triples: readonly Triple[]): string {
  const lines = triples.map(({ subject, relation, object }) => `${subject}\t${relation}\t${object}\n`);
  return fnv1a64Hex(new TextEncoder().encode(lines.join('')));
}

interface Row {
  readonly line: number;
  /** The names as they stand there, or what is wrong with the line. */
  readonly names: readonly [string, string, string] | string;
}

function rowsOf(layout: Layout): Row[] {
  return layout.separation === null ? termRows(layout) : tableRows(layout, layout.separation, layout.columns);
}

function tableRows({ rows, tried }: Layout, separation: NonNullable<Layout['separation']>, columns: Columns): Row[] {
  const width = Math.max(separation.width, ...columns);
  return rows.map(({ line, content }): Row => {
    if (!isText(content)) return { line, names: 'this is not a text file (it holds binary data).' };
    const fields = split(content, separation)?.fields;
    if (fields === undefined) return { line, names: 'a quotation mark is not closed.' };
    if (fields.length !== width) {
      const count = `${fields.length} column${fields.length === 1 ? '' : 's'} instead of ${width}`;
      return { line, names: `${count}${tried === null ? '' : ` (${tried} were tried between them)`}.` };
    }
    const [subject = '', relation = '', object = ''] = columns.map((column) => fields[column - 1] ?? '');
    return { line, names: [subject, relation, object] };
  });
}

function termRows({ rows }: Layout): Row[] {
  const read = rows.map(({ line, content }) => ({ line, terms: readTerms(content) }));
  const all = read.flatMap(({ terms }) => (terms === null ? [] : [terms]));
  const entities = namesOf(all.flatMap(([subject, , object]) => [subject, object]));
  const relations = namesOf(all.map(([, relation]) => relation));
  return read.map(({ line, terms }): Row => {
    if (terms === null) return { line, names: 'this is no line of N-Triples, as the others are.' };
    const [subject, relation, object] = terms;
    return { line, names: [entities.get(subject) ?? '', relations.get(relation) ?? '', entities.get(object) ?? ''] };
  });
}

/** The three names as they are kept, or what is wrong with them. */
function checked(fields: readonly [string, string, string]): readonly [string, string, string] | string {
  const names = fields.map((field) => field.trim().normalize('NFC'));
  const [subject = '', relation = '', object = ''] = names;
  const long = names.find((name) => name.length > MAX_NAME_LENGTH);
  if (long !== undefined) {
    return `the name "${long.slice(0, 20)}…" has ${long.length} characters, at most ${MAX_NAME_LENGTH} fit.`;
  }
  return names.includes('') ? 'a column is empty.' : [subject, relation, object];
}
