/** Deeper ones stand below each other: a line of a million brackets must not become a million lines of a million blanks. */
const DEEPEST = 40;
const SIGNS = '[]{},:';

/**
 * JSON with a line for each entry. Numbers, escapes and bare words stay as they are written, which reading and writing them
 * again would not keep. Text that is no JSON comes back as it is.
 *
 * @param most characters of the result: what is longer is cut off there
 */
export function prettyJson(source: string, most = Infinity): { text: string; more: boolean } {
  if (!/^\s*[[{]/.test(source)) return { text: source.slice(0, most), more: source.length > most };
  const pieces: string[] = [];
  let [depth, length, at] = [0, 0, 0];
  let empty = false;
  const put = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
  };
  const line = (): void => put(`\n${'  '.repeat(Math.min(depth, DEEPEST))}`);
  while (at < source.length && length <= most) {
    const end = tokenEnd(source, at);
    const token = source.slice(at, end);
    at = end;
    if (isBlank(token)) continue;
    const closes = token === ']' || token === '}';
    if (closes) depth = Math.max(0, depth - 1);
    // Between two brackets there is nothing to begin a line for.
    if (closes ? !empty : empty) line();
    empty = token === '[' || token === '{';
    put(token === ':' ? ': ' : token);
    if (empty) depth += 1;
    if (token === ',') line();
  }
  const text = pieces.join('');
  return { text: text.slice(0, most), more: text.length > most || source.slice(at).trim() !== '' };
}

/** Where the string, sign, word or blank ends that begins at `at`. */
function tokenEnd(source: string, at: number): number {
  const first = source[at] ?? '';
  if (first === '"') return stringEnd(source, at);
  if (isBlank(first) || SIGNS.includes(first)) return at + 1;
  let end = at + 1;
  for (let next = source[end]; next !== undefined; next = source[end]) {
    if (next === '"' || isBlank(next) || SIGNS.includes(next)) break;
    end += 1;
  }
  return end;
}

/** By searches for quotes: a string may be the most of 50 MB, on which patterns run out of stack. */
function stringEnd(source: string, at: number): number {
  for (let quote = source.indexOf('"', at + 1); quote >= 0; quote = source.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (source[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return source.length;
}

function isBlank(token: string): boolean {
  return token === ' ' || token === '\n' || token === '\r' || token === '\t';
}
