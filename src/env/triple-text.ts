/** Reads triples written by people: TSV or CSV, `subject relation object`, `#` comments, optional header. */
import { MAX_FACTS, MAX_NAME_LENGTH, MAX_TRIPLES_TEXT } from '../config/triple-limits';
import { UserError } from '../lib/assert';
import { fnv1a64Hex } from '../lib/hash';

export interface Triple {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
  /** 1-based line in the file. */
  readonly line: number;
}

const HINT = 'Write one fact per line: subject, relation, object, separated by tabs (or all by commas).';
const HEADER = [/^subject$/i, /^(relation|predicate)$/i, /^object$/i];
/** Control characters other than the tab; NUL and friends mean that the file is no text. U+FFFD is what bad UTF-8 decodes to. */
// eslint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000e-\u001f\ufffd]/;

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
}

/**
 * Reads as much as can be read; a line with a problem brings no triple.
 *
 * @throws UserError where the text as a whole is no use: too long, too many facts, none at all
 */
export function readTriples(text: string, mostProblems: number): TripleReading {
  if (text.length > MAX_TRIPLES_TEXT) {
    throw new UserError(
      `The file is too large: ${text.length} characters, at most ${MAX_TRIPLES_TEXT} are read.`,
      `A world holds up to ${MAX_FACTS} facts.`,
    );
  }
  const triples = new Map<string, Triple>();
  const problems: LineProblem[] = [];
  let problemCount = 0;
  let separator: '\t' | ',' | null = null;
  let first = true;
  let line = 0;
  for (const content of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    line += 1;
    if (!BINARY.test(content) && (content.trim() === '' || content.trimStart().startsWith('#'))) continue;
    separator ??= content.includes('\t') ? '\t' : ',';
    const read = BINARY.test(content) ? NOT_TEXT : readLine(content, separator);
    const header = first && typeof read !== 'string' && HEADER.every((pattern, k) => pattern.test(read[k] ?? ''));
    first = false;
    if (header) continue;
    if (typeof read === 'string') {
      problemCount += 1;
      if (problems.length < mostProblems) problems.push({ line, message: read });
      continue;
    }
    const [subject, relation, object] = read;
    triples.set(`${subject}\t${relation}\t${object}`, { subject, relation, object, line });
    if (triples.size > MAX_FACTS) {
      throw new UserError(`Line ${line}: more than ${MAX_FACTS} facts.`, 'Shorten the file.');
    }
  }
  if (triples.size === 0 && problemCount === 0) throw new UserError('The file holds no facts.', HINT);
  return { triples: [...triples.values()], problems, problemCount };
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

const NOT_TEXT = 'this is not a text file (it holds binary data).';

/** The three names of a line, or what is wrong with it. */
function readLine(content: string, separator: '\t' | ','): [string, string, string] | string {
  const fields = separator === '\t' ? content.split('\t') : splitCsv(content);
  if (fields === null) return 'a quotation mark is not closed.';
  const names = fields.map((field) => field.trim().normalize('NFC'));
  const [subject, relation, object] = names;
  if (names.length !== 3 || subject === undefined || relation === undefined || object === undefined) {
    return `${names.length} column${names.length === 1 ? '' : 's'} instead of 3.`;
  }
  const long = names.find((name) => name.length > MAX_NAME_LENGTH);
  if (long !== undefined) {
    return `the name "${long.slice(0, 20)}…" has ${long.length} characters, at most ${MAX_NAME_LENGTH} fit.`;
  }
  return names.includes('') ? 'a column is empty.' : [subject, relation, object];
}

/**
 * Fields of one CSV line, null where a quotation mark is not closed; quotes may hold commas, doubled quotes stand for one
 * (RFC 4180, without line breaks inside quotes).
 */
function splitCsv(content: string): string[] | null {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < content.length; i++) {
    const c = content[i] ?? '';
    if (quoted && c === '"' && content[i + 1] === '"') {
      field += c;
      i++;
    } else if (c === '"' && (quoted || field.trim() === '')) {
      quoted = !quoted;
    } else if (c === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else {
      field += c;
    }
  }
  if (quoted) return null;
  fields.push(field);
  return fields;
}
