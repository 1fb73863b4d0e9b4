/**
 * Values as other programs print them, where they are not quite JSON: Python's repr (single quotes, None, tuples), numpy's arrays
 * without commas, calls such as search(query="x"), and JSON that was cut off.
 */

export interface Literal {
  value: unknown;
  /** False where the text ends in the middle; what was open is closed there. */
  whole: boolean;
}

const MOST_DEPTH = 100;
const NAMES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...([
    ['None', null],
    ['null', null],
    ['True', true],
    ['true', true],
    ['False', false],
    ['false', false],
  ] as const),
  ...([
    ['nan', null],
    ['NaN', null],
    ['inf', null],
    ['Infinity', null],
  ] as const),
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ...([
    ['n', '\n'],
    ['t', '\t'],
    ['r', '\r'],
    ['b', '\b'],
    ['f', '\f'],
  ] as const),
]);

/** undefined where it is none. In time that grows with the length alone. */
export function readLiteral(source: string): Literal | undefined {
  const reader = new Reader(source);
  try {
    const value = reader.value(0);
    const whole = !reader.cut;
    return reader.atEnd() ? { value, whole } : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

class Reader {
  /** Whether the text ended within a value. */
  cut = false;
  private at = 0;

  constructor(private readonly source: string) {}

  atEnd(): boolean {
    this.skip();
    return this.at >= this.source.length;
  }

  value(depth: number): unknown {
    if (depth > MOST_DEPTH) throw new NoLiteral();
    this.skip();
    const c = this.source[this.at];
    if (c === undefined) {
      this.cut = true;
      return null;
    }
    if (c === '[') return this.list(']', depth);
    if (c === '(') return this.list(')', depth);
    if (c === '{') return this.object(depth);
    if (c === '"' || c === "'") return this.text(c);
    // What numpy and torch leave out of a long array.
    if (this.match(/\.\.\./y) !== null) return null;
    const number = this.match(/[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== null) return Number(number);
    const name = this.match(/-?[A-Za-z_][\w.]*/y);
    if (name === null) throw new NoLiteral();
    if (this.source[this.at] === '(') return this.call(depth);
    const known = name.replace(/^-/, '');
    if (!NAMES.has(known)) throw new NoLiteral();
    return NAMES.get(known);
  }

  /** Commas may be missing, as numpy leaves them out. */
  private list(end: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.at += 1;
    while (!this.ends(end)) items.push(this.value(depth + 1));
    return items;
  }

  /** What stands first, of words all that stand there, else by names, of array([..], dtype=object) or search(query="x"). */
  private call(depth: number): unknown {
    const items: unknown[] = [];
    const named: [string, unknown][] = [];
    this.at += 1;
    while (!this.ends(')')) {
      const name = this.match(/[A-Za-z_]\w*(?=\s{0,9}=)/y);
      if (name === null) {
        items.push(this.value(depth + 1));
        continue;
      }
      this.skip();
      this.at += 1;
      // dtype=object names a type, which is no value.
      const bare = this.match(/\s{0,9}[A-Za-z_]\w*(?=\s{0,9}[,)])/y);
      named.push([name, bare === null ? this.value(depth + 1) : (NAMES.get(bare.trim()) ?? bare.trim())]);
    }
    if (items.length > 1 && items.every((item) => typeof item === 'string')) return items;
    return items.length > 0 ? items[0] : Object.fromEntries(named);
  }

  private object(depth: number): unknown {
    const entries: [string, unknown][] = [];
    this.at += 1;
    while (!this.ends('}')) {
      const key = this.value(depth + 1);
      this.skip();
      const colon = this.source[this.at];
      if (colon === undefined) {
        this.cut = true;
        break;
      }
      if (colon !== ':') throw new NoLiteral();
      this.at += 1;
      entries.push([String(key), this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  /** Whether a list is over; what separates its values is passed. */
  private ends(end: string): boolean {
    this.skip();
    if (this.source[this.at] === ',') {
      this.at += 1;
      this.skip();
    }
    if (this.at >= this.source.length) {
      this.cut = true;
      return true;
    }
    if (this.source[this.at] !== end) return false;
    this.at += 1;
    return true;
  }

  private text(quote: string): string {
    const parts: string[] = [];
    this.at += 1;
    let from = this.at;
    for (;;) {
      const c = this.source[this.at];
      if (c === undefined || c === quote) {
        parts.push(this.source.slice(from, this.at));
        if (c === undefined) this.cut = true;
        this.at += 1;
        return parts.join('');
      }
      if (c !== '\\') {
        this.at += 1;
        continue;
      }
      parts.push(this.source.slice(from, this.at), this.escape());
      from = this.at;
    }
  }

  private escape(): string {
    const code = this.match(/\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})/y);
    if (code !== null) return String.fromCharCode(parseInt(code.slice(2), 16));
    const c = this.source[this.at + 1] ?? '';
    this.at += 2;
    return ESCAPES.get(c) ?? c;
  }

  private skip(): void {
    this.match(/\s+/y);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }
}
