/** Reads triples written by people: TSV or CSV, `subject relation object`, `#` comments, optional header. */
import { UserError } from '../lib/assert';

export interface Triple {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
  /** 1-based line in the file. */
  readonly line: number;
}

const MAX_NAME_LENGTH = 60;
const MAX_FACTS = 20_000;
/** More than 20,000 facts of three 60-character names in UTF-16 units, comments included: refused before it is split. */
const MAX_TEXT_LENGTH = 8_000_000;

const HINT = 'Write one fact per line: subject, relation, object, separated by tabs (or all by commas).';
const HEADER = [/^subject$/i, /^(relation|predicate)$/i, /^object$/i];
/** Control characters other than the tab; NUL and friends mean that the file is no text. U+FFFD is what bad UTF-8 decodes to. */
// eslint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000e-\u001f\ufffd]/;

/**
 * Distinct triples in file order; names are trimmed and Unicode-normalised (NFC).
 * Throws UserError with the line number for ragged, empty, over-long or binary input.
 */
export function parseTriples(text: string): Triple[] {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new UserError(
      `The file is too large: ${text.length} characters, at most ${MAX_TEXT_LENGTH} are read.`,
      `A world holds up to ${MAX_FACTS} facts.`,
    );
  }
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const triples = new Map<string, Triple>();
  let separator: '\t' | ',' | null = null;
  let first = true;
  lines.forEach((content, i) => {
    const line = i + 1;
    if (BINARY.test(content))
      throw new UserError(`Line ${line}: this is not a text file (it holds binary data).`, HINT);
    if (content.trim() === '' || content.trimStart().startsWith('#')) return;
    separator ??= content.includes('\t') ? '\t' : ',';
    const fields = separator === '\t' ? content.split('\t') : splitCsv(content, line);
    const names = fields.map((field) => field.trim().normalize('NFC'));
    const [subject, relation, object] = names;
    if (names.length !== 3 || subject === undefined || relation === undefined || object === undefined) {
      throw new UserError(`Line ${line}: ${names.length} column${names.length === 1 ? '' : 's'} instead of 3.`, HINT);
    }
    const header = first && HEADER.every((pattern, k) => pattern.test(names[k] ?? ''));
    first = false;
    if (header) return;
    for (const name of [subject, relation, object]) checkName(name, line);
    triples.set(`${subject}\t${relation}\t${object}`, { subject, relation, object, line });
    if (triples.size > MAX_FACTS)
      throw new UserError(`Line ${line}: more than ${MAX_FACTS} facts.`, 'Shorten the file.');
  });
  if (triples.size === 0) throw new UserError('The file holds no facts.', HINT);
  return [...triples.values()];
}

function checkName(name: string, line: number): void {
  if (name === '') throw new UserError(`Line ${line}: a column is empty.`, HINT);
  if (name.length > MAX_NAME_LENGTH) {
    throw new UserError(
      `Line ${line}: the name "${name.slice(0, 20)}…" has ${name.length} characters, at most ${MAX_NAME_LENGTH} fit.`,
      'Shorten the name.',
    );
  }
}

/** Fields of one CSV line; quotes may hold commas, doubled quotes stand for one (RFC 4180, without line breaks inside quotes). */
function splitCsv(content: string, line: number): string[] {
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
  if (quoted) throw new UserError(`Line ${line}: a quotation mark is not closed.`, HINT);
  fields.push(field);
  return fields;
}
