/** Text of any kind and encoding as rows: what it is, its beginning says. */
import type { PlaceUnit } from './container';
import { PrintedRows } from './printed-rows';
import { TableRows } from './table-rows';
import { tableSeparator, textKind } from './text-kind';
import { TextRows } from './text-rows';
import type { TakeText } from './text-rows';
import type { JsonObject } from '../text/json';

/** The kind is decided by so many bytes. */
const HEAD = 1 << 20;

export interface TextTaker {
  text: TakeText;
  row: (row: JsonObject, unit: PlaceUnit, number: number) => void;
  skip: (unit: PlaceUnit, number: number, reason: string) => void;
}

interface Rows {
  readonly count: number;
  push: (text: string) => void;
  end: () => boolean;
}

export class AnyText {
  private json: TextRows | null = null;
  private other: Rows | null = null;
  private decoder: TextDecoder | null = null;
  private head: Uint8Array[] = [];
  private size = 0;

  constructor(private readonly taker: TextTaker) {}

  get count(): number {
    return this.json?.count ?? this.other?.count ?? 0;
  }

  /** Of rows, for people. */
  get rows(): string {
    if (this.other !== null) return 'rows';
    return this.json?.unit === 'entry' ? 'entries' : 'lines';
  }

  push(chunk: Uint8Array): void {
    if (this.json !== null && this.decoder === null) this.json.push(chunk);
    else if (this.json !== null || this.other !== null) this.decoded(chunk, true);
    else {
      // It is only lent.
      this.head.push(chunk.slice());
      this.size += chunk.length;
      this.decide(this.size >= HEAD);
    }
  }

  /** @returns whether the text ends within a row */
  end(): boolean {
    if (this.json === null && this.other === null) this.decide(true);
    if (this.decoder !== null) this.decoded(new Uint8Array(0), false);
    return (this.json ?? this.other)?.end() ?? false;
  }

  private decide(atEnd: boolean): void {
    const bytes = this.head.length === 1 ? (this.head[0] ?? new Uint8Array(0)) : joined(this.head, this.size);
    if (bytes.length < 4 && !atEnd) return;
    const wide = wideOrder(bytes);
    const head = new TextDecoder(wide ?? 'utf-8').decode(bytes.subarray(0, HEAD), { stream: true });
    const kind = textKind(head);
    if (kind === null && !atEnd) return;
    if (kind === 'table' || kind === 'printed') {
      this.decoder = new TextDecoder(wide ?? 'utf-8');
      this.other = kind === 'table' ? this.table(head) : new PrintedRows((row, n) => this.taker.row(row, 'entry', n));
    } else {
      this.json = new TextRows(this.taker.text);
      if (wide !== null) this.decoder = new TextDecoder(wide);
    }
    this.head = [];
    this.push(bytes);
  }

  private table(head: string): Rows {
    const { taker } = this;
    return new TableRows(
      tableSeparator(head) ?? ',',
      (row, number) => taker.row(row, 'row', number),
      (number, reason) => taker.skip('row', number, reason),
    );
  }

  private decoded(chunk: Uint8Array, stream: boolean): void {
    const text = this.decoder?.decode(chunk, { stream }) ?? '';
    if (this.other !== null) this.other.push(text);
    else this.json?.push(new TextEncoder().encode(text));
  }
}

/** UTF-16 by its mark, or by the zero beside the first character. */
function wideOrder([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)) return 'utf-16be';
  return null;
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
