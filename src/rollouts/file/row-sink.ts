/** Takes the rows of all containers: makes rollouts of them, keeps their text, and says what was left out and why. */
import { UserError } from '../../lib/assert';
import type { PlaceUnit, RowTaker } from '../containers/container';
import { isObject, parsedLoosely, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { readRow } from '../reading/read-line';
import { SkippedRow } from '../reading/record';
import { RowTableBuilder } from './row-table';
import { SUPERSEDES } from '../reading/writer';
import { commonRows, nearestKind } from '../writers/writers';

/** Unpacked bytes that are kept at most. */
export const MAX_BYTES = 1 << 30;
/** Longest row that is read, in bytes: a rollout of a million tokens, or a group of them in one line. */
export const MAX_ROW = 32_000_000;
/** An object over many lines may hold a whole evaluation. */
const MAX_ENTRY = 400_000_000;
/** Skipped rows that are told one by one. */
const TOLD_SKIPS = 1000;
/** Deflate cannot pack tighter than 1032 to 1; what comes near is no text. */
const MAX_RATIO = 1000;
const FREE_BYTES = 1 << 26;

export interface SkippedLine {
  file: string;
  /** From 1; 0 for the file as a whole. */
  line: number;
  /** What `line` counts. */
  unit: PlaceUnit;
  reason: string;
}

export class RowSink implements RowTaker {
  bytes = new Uint8Array(1 << 16);
  size = 0;
  skipped = 0;
  /** Bare NaN and Infinity. */
  unknownNumbers = 0;
  readonly skips: SkippedLine[] = [];
  readonly builder = new RowTableBuilder();
  private file = '';
  /** Bytes that {@link drain} took. */
  private taken = 0;
  private total = 0;
  private ofFile = 0;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly encoder = new TextEncoder();
  /** Places of the rows that a later one may replace. */
  private readonly places = new Map<string, number>();
  private before = { skipped: 0, told: 0, rows: 0 };

  /** @param pass how often the file began anew before */
  begin(file: string, pass = 0): void {
    this.file = file;
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
    return this.taken + this.size;
  }

  /** Forgets what was skipped of a file that is read anew. */
  forgetSkips(file: string): void {
    const others = this.skips.filter((skip) => skip.file !== file);
    this.skipped -= this.skips.length - others.length;
    this.skips.splice(0, this.skips.length, ...others);
  }

  /** Takes the bytes of the rows since the last time: of a folder that is followed the page keeps them. */
  drain(): Uint8Array<ArrayBuffer> {
    const fresh = this.bytes.slice(0, this.size);
    this.taken += this.size;
    this.bytes = new Uint8Array(1 << 16);
    this.size = 0;
    this.total = 0;
    return fresh;
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
    if (this.total > MAX_BYTES) {
      throw new UserError('The file is larger than 1 GB unpacked.', 'Split it, for example by training step.');
    }
    if (this.ofFile > FREE_BYTES && this.ofFile > MAX_RATIO * from) {
      throw new UserError(
        `${this.file} unpacks to more than ${MAX_RATIO} times its size.`,
        'No file of rollouts does that: is it the right one?',
      );
    }
  }

  text(bytes: Uint8Array, unit: PlaceUnit, number: number): void {
    this.guarded(unit, number, () => {
      if (bytes.length > (unit === 'line' ? MAX_ROW : MAX_ENTRY)) {
        throw new SkippedRow(`longer than ${unit === 'line' ? '32' : '400'} MB: one line is one trajectory`);
      }
      const source = this.decoder.decode(bytes);
      if (source.trim() === '') return;
      const found = parsedLoosely(source);
      if (found === undefined) {
        throw new SkippedRow(
          unit === 'line' ? 'not JSON: one whole object a line, without commas between lines' : 'not JSON',
        );
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
    if (!isObject(row)) throw new SkippedRow('not an object: each line is {"prompt": .., "completion": ..}');
    const rows = commonRows(row, this.file);
    const found = rows ?? [row];
    if (found.length === 0) throw new SkippedRow('no rollout in it');
    const troubles: string[] = [];
    for (const [k, one] of found.entries()) {
      try {
        this.add(one, number, rows === null && bytes !== null ? bytes : this.encoder.encode(JSON.stringify(one)));
      } catch (error) {
        const told = reasonOf(error);
        // Who does not know what is missing may know another trainer's keys.
        const reason = rows === null && /^no (question|completion)/.test(told) ? `${told}; ${nearestKind(row)}` : told;
        troubles.push(found.length > 1 ? `rollout ${k + 1} of ${found.length}: ${reason}` : reason);
      }
    }
    if (troubles[0] !== undefined) {
      throw new SkippedRow(troubles.length > 1 ? `${troubles[0]} (and ${troubles.length - 1} more)` : troubles[0]);
    }
  }

  private add(row: JsonObject, line: number, bytes: Uint8Array): void {
    const rollout = readRow(row);
    const needed = this.size + bytes.length;
    if (this.taken + needed > MAX_BYTES) {
      throw new UserError('The rollouts are larger than 1 GB.', 'Split the file, for example by training step.');
    }
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.min(MAX_BYTES, Math.max(needed, 2 * this.bytes.length)));
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    this.bytes.set(bytes, this.size);
    const whose = text(row[SUPERSEDES]);
    const key = whose === null ? null : `${rollout.step} ${whose}`;
    const place = this.builder.add(
      rollout,
      this.position,
      bytes.length,
      line,
      key === null ? undefined : this.places.get(key),
    );
    if (key !== null) this.places.set(key, place);
    this.size = needed;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SkippedRow) return error.message;
  // A hostile line may nest deeper than any stack.
  if (error instanceof RangeError) return 'nested too deeply';
  throw error;
}
