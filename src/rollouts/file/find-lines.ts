/** Looks for words in all lines of a file: what cannot hold them is passed over by the block. */
import { searchText, TOKENS_MARK } from '../reading/search-text';

/** Bytes that are read and looked through at once. For a megabyte a browser takes fresh memory, and three times as long. */
const BLOCK = 1 << 17;
/** What JSON may write in another way. */
const NEVER_ESCAPED = /[^"\\/\p{Cc}]+/gu;
const ASCII = /[ -~]+/g;
/** Escapes of characters that may become ASCII in small letters; others may not. */
const ASCII_ESCAPES = /\\u(?:00|0130|212a)/;
/** Longest escape: \u00e9 */
const ESCAPE = 6;

export interface LinePlaces {
  /** (N) of each row of the table. */
  offsets: Uint32Array;
  lengths: Uint32Array;
}

/**
 * @param read bytes [from, to) of the lines
 * @param words in small letters
 * @returns (N) 1 for each row that holds them
 */
export function findLines(
  read: (from: number, to: number) => Uint8Array,
  { offsets, lengths }: LinePlaces,
  words: string,
): Uint8Array<ArrayBuffer> {
  const hits = new Uint8Array(offsets.length);
  const order = Uint32Array.from(offsets, (_, row) => row);
  if (!offsets.every((offset, row) => row === 0 || offset >= (offsets[row - 1] ?? 0))) {
    order.sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
  }
  const start = (k: number): number => offsets[order[k] ?? 0] ?? 0;
  const end = (k: number): number => start(k) + (lengths[order[k] ?? 0] ?? 0);
  const search = new BlockSearch(words);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && end(to) - start(from) <= BLOCK) to += 1;
    const spans = Array.from({ length: to - from }, (_, k): [number, number] => [
      start(from + k) - start(from),
      end(from + k) - start(from),
    ]);
    search.find(read(start(from), end(to - 1)), spans, (k) => (hits[order[from + k] ?? 0] = 1));
    from = to;
  }
  return hits;
}

class BlockSearch {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Part of the words that stands in a line as it is, where it is written as UTF-8, and where characters are escaped. */
  private readonly plain: string;
  private readonly ascii: string;
  /** The same part as a pattern, for text without other letters than those of ASCII; null where it has some. */
  private readonly pattern: RegExp | null;

  constructor(private readonly words: string) {
    this.plain = longest(words.match(NEVER_ESCAPED) ?? []);
    this.ascii = longest(this.plain.match(ASCII) ?? []);
    const isAscii = this.plain !== '' && this.ascii === this.plain;
    this.pattern = isAscii ? new RegExp(this.plain.replace(/[.*+?^${}()|[\]]/g, '\\$&'), 'i') : null;
  }

  /** @param spans of the lines within the bytes, ascending */
  find(bytes: Uint8Array, spans: readonly (readonly [number, number])[], hit: (line: number) => void): void {
    const given = this.decoder.decode(bytes);
    // Most blocks do not hold them, and that is told without a copy in small letters.
    const isPlain = given.length === bytes.length && !given.includes('\\u');
    if (isPlain && this.pattern?.test(given) === false) return;
    const text = given.toLowerCase();
    const escapes = text.includes('\\u');
    const part = escapes ? this.ascii : this.plain;
    const anywhere = part === '' || (escapes && ASCII_ESCAPES.test(text));
    if (!anywhere && !text.includes(part)) return;
    // Places in the text are those of the bytes where each character is one.
    if (!anywhere && text.length === bytes.length) this.findByPlace(text, part, bytes, spans, hit);
    else spans.forEach((span, k) => this.holds(bytes, span) && hit(k));
  }

  private findByPlace(
    text: string,
    part: string,
    bytes: Uint8Array,
    spans: readonly (readonly [number, number])[],
    hit: (line: number) => void,
  ): void {
    const sure = part === this.words && !text.includes(TOKENS_MARK);
    let at = text.indexOf(part);
    spans.forEach((span, k) => {
      const [start, end] = span;
      if (at < start && at >= 0) at = text.indexOf(part, start);
      if (at < 0 || at >= end) return;
      // Behind a backslash the first letters may belong to an escape.
      const plainly = sure && text.lastIndexOf('\\', at) < at - ESCAPE && at + part.length <= end;
      if (plainly || this.holds(bytes, span)) hit(k);
    });
  }

  private holds(bytes: Uint8Array, [start, end]: readonly [number, number]): boolean {
    return searchText(this.decoder.decode(bytes.subarray(start, end))).includes(this.words);
  }
}

function longest(parts: readonly string[]): string {
  return parts.reduce((a, b) => (b.length > a.length ? b : a), '');
}
