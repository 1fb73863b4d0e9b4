/** Takes the rows of all containers: makes rollouts of them, keeps their text, and says what was left out and why. */
import { UserError } from '../../lib/assert';
import type { PlaceUnit, RowTaker } from '../containers/container';
import { MAX_ENTRY, MAX_ROW } from '../containers/text-rows';
import { withTokenRow } from '../containers/token-table';
import type { TokenTable } from '../containers/token-table';
import { isArray, isObject, parsedLoosely, text } from '../text/json';
import { SkippedRow } from '../reading/record';
import { MemoryLines } from './lines';
import type { LineStore } from './lines';
import type { RowPart } from './row-columns';
import { dumpedBrief, readBrief } from './read-brief';
import type { RowBrief } from './row-brief';
import { RowTableBuilder } from './row-table-builder';
import { isTurn } from '../reading/turn-lists';
import { NAMED, SUPERSEDES } from '../reading/writer';
import { commonRows, nearestKind } from '../writers/writers';

/** Unpacked bytes that are kept at most. */
export const MAX_BYTES = 1 << 30;
/** A table of them takes a gigabyte. */
const MAX_ROWS = 5_000_000;
/** Skipped rows that are told one by one. */
const TOLD_SKIPS = 1000;
/** Deflate cannot pack tighter than 1032 to 1; what comes near is no text. */
const MAX_RATIO = 1000;
const FREE_BYTES = 1 << 26;

const NO_LINE = 'not JSON: one whole object a line, without commas between lines';
const NO_TABLE =
  'not JSON, nor a table whose first line names what was asked (question, ..) and what was written (completion, ..)';

const ONE_TURN =
  'one turn of a chat: in an array ([{..}, {..}]) the turns of a chat are one rollout, as "jq -s . FILE" writes them';

export interface SkippedLine {
  file: string;
  /** From 1; 0 for the file as a whole. */
  line: number;
  /** What `line` counts. */
  unit: PlaceUnit;
  reason: string;
}

/** What one sink made of a piece of a file, for another to take in. */
export interface SunkPart {
  part: RowPart;
  bytes: Uint8Array<ArrayBuffer>;
  /** Names of rows that a later one may replace, and of those that its rows would replace, by their place. */
  names: readonly (readonly [name: string, place: number])[];
  replaces: readonly (readonly [place: number, name: string])[];
  skipped: number;
  skips: readonly SkippedLine[];
  unknownNumbers: number;
}

export class RowSink implements RowTaker {
  skipped = 0;
  /** Bare NaN and Infinity. */
  unknownNumbers = 0;
  readonly skips: SkippedLine[] = [];
  readonly builder = new RowTableBuilder();
  private file = '';
  /** Bytes that were drained. */
  private taken = 0;
  private total = 0;
  private ofFile = 0;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly encoder = new TextEncoder();
  /** Numbers of the tokens of its rows, where they lie in a file of their own. */
  private tokens: TokenTable | null = null;
  /** Places of the rows that a later one may replace, several where they say the same. */
  private readonly places = new Map<string, number[]>();
  /** Rows that would replace one that is not here, by their place. */
  private readonly replaces = new Map<number, string>();
  /** Places of those among them whose row may still come: traces are also exported from their end on. */
  private readonly awaits = new Map<string, number[]>();
  private before = { skipped: 0, told: 0, rows: 0 };

  /**
   * @param most bytes that are kept
   * @param remedy what to do where they are more
   */
  constructor(
    private readonly lines: LineStore = new MemoryLines(),
    private readonly most = MAX_BYTES,
    private readonly remedy = 'Split it, for example by training step.',
  ) {}

  /**
   * @param pass how often the file began anew before
   * @param tokens numbers of its rows' tokens, where another file has them
   */
  begin(file: string, pass = 0, tokens: TokenTable | null = null): void {
    this.file = file;
    this.tokens = tokens;
    this.builder.begin(file, pass);
    this.ofFile = 0;
    this.before = { skipped: this.skipped, told: this.skips.length, rows: this.builder.count };
  }

  /** A file without a single row of a known kind is told once, not line by line. */
  end(): void {
    const { skipped, told, rows } = this.before;
    const [first] = this.skips.slice(told);
    const lines = this.skipped - skipped;
    if (this.builder.count > rows || lines < 2 || first === undefined) return;
    this.skips.length = told;
    this.skipped = skipped + 1;
    const reason = `none of ${lines} can be used; ${first.unit} ${first.line}: ${first.reason}`;
    this.skips.push({ ...first, line: 0, reason });
  }

  /** Where the next row will lie. */
  get position(): number {
    return this.taken + this.lines.size;
  }

  /** Forgets what was skipped of a file that is read anew. */
  forgetSkips(file: string): void {
    const others = this.skips.filter((skip) => skip.file !== file);
    this.skipped -= this.skips.length - others.length;
    this.skips.splice(0, this.skips.length, ...others);
  }

  /** So many bytes of the rows were taken: of a folder that is followed the page keeps them. */
  drained(bytes: number): void {
    this.taken += bytes;
    this.total = 0;
  }

  /**
   * Where rows that are gone hold as many bytes as all others: pieces [from, length, ..] of what was drained, ascending, that
   * are to be kept, one behind the other.
   */
  compact(): Uint32Array<ArrayBuffer> | null {
    const kept = this.builder.keptBytes;
    if (this.taken - kept < Math.max(kept, FREE_BYTES)) return null;
    this.taken = kept;
    return this.builder.moveTogether();
  }

  unpacked(bytes: number, from: number): void {
    this.total += bytes;
    this.ofFile += bytes;
    if (this.total > this.most) {
      throw new UserError(`The file is larger than ${this.most / 2 ** 30} GB unpacked.`, this.remedy);
    }
    if (this.ofFile > FREE_BYTES && this.ofFile > MAX_RATIO * from) {
      throw new UserError(
        `${this.file} unpacks to more than ${MAX_RATIO} times its size.`,
        'No file of rollouts does that: is it the right one?',
      );
    }
  }

  /** @param decoded the same, where it is known: to decode many lines at once takes a fraction of the time */
  text(bytes: Uint8Array, unit: PlaceUnit, number: number, decoded: string | null = null): void {
    this.guarded(unit, number, () => {
      if (bytes.length > (unit === 'line' ? MAX_ROW : MAX_ENTRY)) {
        throw new SkippedRow(`longer than ${unit === 'line' ? '32' : '400'} MB: one line is one trajectory`);
      }
      const source = decoded ?? this.decoder.decode(bytes);
      if (source.trim() === '') return;
      const found = parsedLoosely(source);
      if (found === undefined) {
        const told = /^\s*[[{]/.test(source.slice(0, 99)) ? NO_LINE : NO_TABLE;
        throw new SkippedRow(unit === 'line' ? told : 'not JSON');
      }
      this.unknownNumbers += found.unknownNumbers;
      this.take(found.value, bytes, number);
    });
  }

  row(row: unknown, unit: PlaceUnit, number: number, unknown: number): void {
    this.unknownNumbers += unknown;
    this.guarded(unit, number, () => this.take(row, null, number));
  }

  /** A skip that a container found. */
  skip(unit: PlaceUnit, line: number, reason: string): void {
    this.skipped += 1;
    if (this.skips.length < TOLD_SKIPS) this.skips.push({ file: this.file, line, unit, reason });
  }

  private guarded(unit: PlaceUnit, number: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.skip(unit, number, reasonOf(error));
    }
  }

  /** @param bytes the row as it stands in the file, where it does */
  private take(row: unknown, bytes: Uint8Array | null, number: number): void {
    if (isArray(row) && isTurn(row[0])) {
      this.take({ messages: row }, null, number);
      return;
    }
    if (!isObject(row)) throw new SkippedRow('not an object: each line is {"prompt": .., "completion": ..}');
    const dumped = bytes === null || this.tokens !== null ? null : dumpedBrief(row);
    if (bytes !== null && dumped !== null) {
      this.add(dumped, number, bytes);
      return;
    }
    const rows = commonRows(this.tokens === null ? row : withTokenRow(row, this.tokens), this.file);
    const found = rows ?? [row];
    if (found.length === 0) throw new SkippedRow('no rollout in it');
    const troubles: string[] = [];
    for (const [k, one] of found.entries()) {
      try {
        const kept = rows === null && bytes !== null ? bytes : this.encoder.encode(JSON.stringify(one));
        this.add(readBrief(one), number, kept, text(one[SUPERSEDES]), text(one[NAMED]));
      } catch (error) {
        const told = reasonOf(error);
        // Who does not know what is missing may know another trainer's keys.
        const lacks = rows === null && /^no (question|completion)/.test(told);
        const reason = !lacks
          ? told
          : isTurn(row) || isTurn(row['message'])
            ? ONE_TURN
            : `${told}; ${nearestKind(row)}`;
        troubles.push(found.length > 1 ? `rollout ${k + 1} of ${found.length}: ${reason}` : reason);
      }
    }
    if (troubles[0] !== undefined) {
      throw new SkippedRow(troubles.length > 1 ? `${troubles[0]} (and ${troubles.length - 1} more)` : troubles[0]);
    }
  }

  /** @param replaces name of the row before that it replaces; @param named by which a later one may replace it */
  private add(
    brief: RowBrief,
    line: number,
    bytes: Uint8Array,
    replaces: string | null = null,
    named: string | null = null,
  ): void {
    const { position } = this;
    this.keep(bytes);
    const replaced = replaces === null ? null : `${brief.step} ${replaces}`;
    const before = replaced === null ? undefined : this.named(replaced);
    const place = this.builder.add(brief, position, bytes.length, line, before);
    const missing = before === undefined ? replaced : null;
    const own = named === null ? replaced : `${brief.step} ${named}`;
    if (own !== null) this.name(own, place, own === replaced ? null : missing);
    if (missing !== null && own === replaced) this.replaces.set(place, missing);
  }

  /** @param missing name of the row that it would replace, and that is not here yet */
  private name(name: string, place: number, missing: string | null): void {
    const later = this.awaits.get(name)?.pop();
    if (later === undefined) push(this.places, name, place);
    else {
      this.builder.drop(place);
      this.replaces.delete(later);
    }
    if (missing === null) return;
    this.replaces.set(later ?? place, missing);
    push(this.awaits, missing, later ?? place);
  }

  /** The last one of that name, which is replaced. */
  private named(name: string): number | undefined {
    return this.places.get(name)?.pop();
  }

  private keep(bytes: Uint8Array): void {
    if (this.position + bytes.length > this.most) {
      throw new UserError(`The rollouts are larger than ${this.most / 2 ** 30} GB.`, this.remedy);
    }
    if (this.builder.count >= MAX_ROWS) {
      throw new UserError(
        `There are more than ${MAX_ROWS.toLocaleString('en')} rollouts.`,
        'Split the file, for example by training step.',
      );
    }
    this.lines.put(bytes);
  }

  /** All that was taken since it was made. @param bytes of its rows */
  part(bytes: Uint8Array<ArrayBuffer>): SunkPart {
    const { skipped, skips, unknownNumbers } = this;
    const names = Array.from(this.places).flatMap(([name, places]) => places.map((place) => [name, place] as const));
    const replaces = [...this.replaces];
    return { part: this.builder.part(), bytes, names, replaces, skipped, skips, unknownNumbers };
  }

  /** What another sink made of the next piece of the file. */
  takePart({ part, bytes, names, replaces, skipped, skips, unknownNumbers }: SunkPart): void {
    const { position } = this;
    this.keep(bytes);
    const wanted = new Map(replaces);
    const known = (k: number): number | undefined => this.named(wanted.get(k) ?? '');
    const replaced = wanted.size === 0 ? null : Array.from({ length: part.count }, (_, k) => known(k));
    const places = this.builder.take(part, position, replaced);
    for (const [name, k] of names) {
      const missing = wanted.get(k);
      const isHere = missing === undefined || missing === name || replaced?.[k] !== undefined;
      this.name(name, places[k] ?? 0, isHere ? null : missing);
    }
    this.skipped += skipped;
    for (const skip of skips) if (this.skips.length < TOLD_SKIPS) this.skips.push({ ...skip, file: this.file });
    this.unknownNumbers += unknownNumbers;
  }
}

function push(lists: Map<string, number[]>, name: string, place: number): void {
  const there = lists.get(name);
  if (there === undefined) lists.set(name, [place]);
  else there.push(place);
}

function reasonOf(error: unknown): string {
  if (error instanceof SkippedRow) return error.message;
  // A hostile line may nest deeper than any stack.
  if (error instanceof RangeError) return 'nested too deeply';
  throw error;
}
