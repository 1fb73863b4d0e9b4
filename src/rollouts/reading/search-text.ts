/** What a search for words looks through: all that a person can read in a line. */
import { TOKENS } from './writer';

/** Where the numbers of its tokens begin in a line. */
export const TOKENS_MARK = `,"${TOKENS}":{`;
/** An escaped character of JSON, in small letters. */
const CODE = /\\u([0-9a-f]{4})/g;
const fromCode = (_: string, code: string): string => String.fromCharCode(parseInt(code, 16)).toLowerCase();

/** The line as it is, keys included but numbers of tokens left out, in small letters. */
export function searchText(whole: string): string {
  const numbers = whole.lastIndexOf(TOKENS_MARK);
  const line = (numbers < 0 ? whole : whole.slice(0, numbers)).toLowerCase();
  const text = line.includes('\\u') ? line.replace(CODE, fromCode) : line;
  // What a search for words meets in every line is replaced without a pattern: it takes half the time.
  const plain = text.replaceAll('\\n', '\n').replaceAll('\\"', '"');
  return plain.includes('\\') ? plain.replace(/\\(.)/g, '$1') : plain;
}
