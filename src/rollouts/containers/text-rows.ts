/**
 * Text as rows, as it streams in: one JSON object a line, a JSON array, or one object over many lines. What it is, its first
 * line says. An array of turns is one row.
 */
import { isTurn } from '../reading/turn-lists';
import { parsedLoosely } from '../text/json';
import type { PlaceUnit } from './container';

const [TAB, LINE, RETURN, SPACE, QUOTE, BACKSLASH, COMMA] = [9, 10, 13, 32, 34, 92, 44];
/** Stands before each text of a sequence (RFC 7464). */
const RECORD = 30;
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [91, 93, 123, 125];
const BOM = [0xef, 0xbb, 0xbf];

/** Longest line that is read, in bytes: a rollout of a million tokens, or a group of them in one line. */
export const MAX_ROW = 32_000_000;
/** An object over many lines may hold a whole evaluation. */
export const MAX_ENTRY = 400_000_000;

export type TakeText = (bytes: Uint8Array, unit: PlaceUnit, number: number) => void;

export class TextRows {
  /** Rows that were handed on, blank lines among them. */
  count = 0;
  private waiting = new Uint8Array(1 << 16);
  /** What is there and not yet handed on: bytes [from, size). */
  private from = 0;
  private size = 0;
  /** Looked at up to here. */
  private at = 0;
  private mode: 'unknown' | 'lines' | 'values' = 'unknown';
  /** While that is not known: blank up to here, and without the end of a first line up to there. */
  private blank = 0;
  private endless = 0;
  private readonly scan = new ValueScan();
  /** Within an array of turns, which is handed on as a whole. */
  private chat = false;
  private begun = false;
  /** The last row was taken without its line break, which may still come. */
  private settled = false;

  constructor(private readonly take: TakeText) {}

  get unit(): PlaceUnit {
    return this.mode === 'values' ? 'entry' : 'line';
  }

  push(chunk: Uint8Array): void {
    this.keep(this.settled && chunk[0] === LINE ? chunk.subarray(1) : chunk);
    this.settled &&= chunk.length === 0;
    if (!this.begun && this.size >= BOM.length) {
      this.begun = true;
      if (BOM.every((byte, k) => this.waiting[k] === byte)) this.from = this.at = BOM.length;
    }
    if (this.mode === 'unknown') this.decide(false);
    this.work();
  }

  /** The last line needs no line break. @returns whether the text ends within a row */
  end(): boolean {
    if (this.mode === 'unknown') this.decide(true);
    this.work();
    const rest = this.waiting.subarray(this.from, this.size);
    if (this.mode !== 'values') {
      if (rest.length > 0) this.hand(this.size, this.size);
      return false;
    }
    return this.scan.open || rest.some((byte) => !isBlank(byte));
  }

  /** Takes a last line that is whole but for its line break: the writer has paused, and may go on. */
  settle(): void {
    if (this.mode === 'values' || this.from === this.size) return;
    const rest = new TextDecoder().decode(this.waiting.subarray(this.from, this.size));
    if (parsedLoosely(rest) === undefined) return;
    this.mode = 'lines';
    this.hand(this.size, this.size);
    this.settled = true;
  }

  /** Keeps no more memory than what waits, until the next chunk comes. */
  rest(): void {
    this.waiting = this.waiting.slice(this.from, this.size);
    this.size -= this.from;
    this.at = Math.max(0, this.at - this.from);
    this.from = 0;
  }

  private keep(chunk: Uint8Array): void {
    if (this.from > 0 && this.from >= this.size >> 1) {
      this.waiting.copyWithin(0, this.from, this.size);
      this.size -= this.from;
      this.at -= this.from;
      this.blank -= this.from;
      this.endless -= this.from;
      this.from = 0;
    }
    const needed = this.size + chunk.length;
    if (needed > this.waiting.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.waiting.length));
      grown.set(this.waiting.subarray(0, this.size));
      this.waiting = grown;
    }
    this.waiting.set(chunk, this.size);
    this.size = needed;
  }

  private decide(atEnd: boolean): void {
    const { waiting, size } = this;
    let first = Math.max(this.from, this.blank);
    while (first < size && isBlank(waiting[first])) first += 1;
    this.blank = first;
    // Neither blanks nor a first line are waited for without end.
    const tooLong = size - this.from > MAX_ROW;
    if (first === size && tooLong) this.mode = 'lines';
    if (first === size) return;
    if (waiting[first] === OPEN_LIST || waiting.subarray(this.from, first).includes(RECORD)) {
      this.mode = 'values';
      return;
    }
    const end = waiting.subarray(0, size).indexOf(LINE, Math.max(first, this.endless));
    if (end < 0 && !atEnd) {
      this.endless = size;
      if (tooLong) this.mode = 'lines';
      return;
    }
    const line = new TextDecoder().decode(waiting.subarray(first, end < 0 ? size : end)).trim();
    // A line that goes on where it ends begins an object over many lines, whose next one is a key.
    const goesOn = /^\{(.*[{[,:])?$/s.test(line) && parsedLoosely(line) === undefined;
    let next = end + 1;
    while (next < size && isBlank(waiting[next])) next += 1;
    if (goesOn && next === size && !atEnd && !tooLong) return;
    if (isSeveral(line)) {
      this.mode = 'values';
      return;
    }
    this.mode = goesOn && (line !== '{' || waiting[next] === QUOTE || waiting[next] === CLOSE) ? 'values' : 'lines';
  }

  private work(): void {
    if (this.mode === 'lines') this.lines();
    else if (this.mode === 'values') this.values();
  }

  private lines(): void {
    const there = this.waiting.subarray(0, this.size);
    for (;;) {
      const end = there.indexOf(LINE, this.at);
      if (end < 0) break;
      this.hand(end, end + 1);
    }
    this.at = this.size;
    this.shorten(MAX_ROW);
  }

  private values(): void {
    const { waiting, scan } = this;
    for (; this.at < this.size; this.at += 1) {
      const found = scan.next(waiting[this.at] ?? SPACE);
      if (this.chat) this.endChat();
      else if (
        found === 'ends' &&
        scan.listed &&
        scan.entries === 1 &&
        isChat(waiting.subarray(this.from, this.at + 1))
      )
        this.chat = true;
      else if (found === 'begins') this.from = this.at;
      else if (found === 'ends') this.hand(this.at + 1, this.at + 1);
      // What ended it is no part of what follows.
      else if (found === 'ended') this.hand(this.at, this.at + 1);
      else if (found === 'between') this.from = this.at + 1;
    }
    this.shorten(MAX_ENTRY);
  }

  /** All turns of an array, once it has ended. */
  private endChat(): void {
    if (this.scan.listed) return;
    const list = new Uint8Array(this.at - this.from + 2);
    list[0] = OPEN_LIST;
    list.set(this.waiting.subarray(this.from, this.at), 1);
    list[list.length - 1] = CLOSE_LIST;
    this.chat = false;
    this.count += 1;
    this.take(list, this.unit, this.count);
    this.from = this.at + 1;
  }

  /** Of a row that is longer than any that is read its beginning stays, one byte too much: who takes it sees that. */
  private shorten(most: number): void {
    if (this.size - this.from > most + 1) this.size = this.at = this.from + most + 1;
  }

  /** Hands on [from, end); what is next begins at `next`. */
  private hand(end: number, next: number): void {
    this.count += 1;
    this.take(this.waiting.subarray(this.from, end), this.unit, this.count);
    this.from = next;
    if (this.mode === 'lines') this.at = next;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE || byte === RETURN || byte === TAB || byte === RECORD;
}

function isChat(entry: Uint8Array): boolean {
  return isTurn(parsedLoosely(new TextDecoder().decode(entry))?.value);
}

/** Objects behind one another on one line: the first of them is whole, and another one begins behind it. */
function isSeveral(line: string): boolean {
  if (!/\}\s{0,99}\{/.test(line) || parsedLoosely(line) !== undefined) return false;
  const scan = new ValueScan();
  for (let at = 0; at < line.length; at += 1) {
    if (scan.next(line.charCodeAt(at)) !== 'ends') continue;
    return (
      line
        .slice(at + 1)
        .trimStart()
        .startsWith('{') && parsedLoosely(line.slice(0, at + 1)) !== undefined
    );
  }
  return false;
}

/** Finds where values begin and end: entries of an array at the top, else what stands at the top. */
class ValueScan {
  /** Whether a value, or the array around it, has not ended. */
  get open(): boolean {
    return this.inside || this.list;
  }

  /** Whether it is within an array at the top. */
  get listed(): boolean {
    return this.list;
  }

  /** Of the array at the top that have ended. */
  entries = 0;

  private list = false;
  private inside = false;
  private depth = 0;
  private quoted = false;
  private escaped = false;

  next(byte: number): 'begins' | 'ends' | 'ended' | 'between' | null {
    if (this.quoted) {
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.quoted = false;
      return null;
    }
    if (!this.inside) {
      if (isBlank(byte) || byte === COMMA) return 'between';
      if (!this.list && byte === OPEN_LIST) {
        this.list = true;
        this.entries = 0;
        return 'between';
      }
      if (this.list && byte === CLOSE_LIST) {
        this.list = false;
        return 'between';
      }
      this.inside = true;
      this.enter(byte);
      return 'begins';
    }
    if (this.depth === 0 && (byte === COMMA || byte === CLOSE_LIST || byte === LINE)) {
      // A bare number or word has no end of its own.
      this.inside = false;
      if (byte === CLOSE_LIST) this.list = false;
      return 'ended';
    }
    this.enter(byte);
    if (this.depth > 0 || (byte !== CLOSE && byte !== CLOSE_LIST)) return null;
    this.inside = false;
    if (this.list) this.entries += 1;
    return 'ends';
  }

  private enter(byte: number): void {
    if (byte === QUOTE) this.quoted = true;
    else if (byte === OPEN || byte === OPEN_LIST) this.depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) this.depth -= 1;
  }
}
