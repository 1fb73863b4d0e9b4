/** Reads JSON of a foreign file value by value, so that what follows may trust its shape. */
import { plainLine } from '../../lib/plain-line';

export type Json = Readonly<Record<string, unknown>>;

/** Text beyond this is nothing that a page should show. */
const MAX_TEXT = 10_000;
const MAX_ITEMS = 200_000;
const MAX_COUNT = 2 ** 31;

/** One object of a file. Every method throws what `fail` makes of the name of the value that is wrong. */
export class CheckedJson {
  constructor(
    private readonly value: Json,
    private readonly path: string,
    private readonly fail: (what: string) => Error,
  ) {}

  raw(key: string): unknown {
    return Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }

  has(key: string): boolean {
    const value = this.raw(key);
    return value !== undefined && value !== null;
  }

  text(key: string): string {
    const value = this.raw(key);
    if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
    return this.wrong(key, 'text');
  }

  /** One short line, for a place on screen: without marks that turn what stands beside it around. */
  line(key: string): string {
    return plainLine(this.text(key));
  }

  number(key: string): number {
    const value = this.raw(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : this.wrong(key, 'a number');
  }

  /** A whole number from 0 to `most`. */
  count(key: string, most = MAX_COUNT): number {
    const value = this.raw(key);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
    return this.wrong(key, `a whole number from 0 to ${most}`);
  }

  flag(key: string): boolean {
    const value = this.raw(key);
    return typeof value === 'boolean' ? value : this.wrong(key, 'true or false');
  }

  choice<T extends string>(key: string, choices: readonly T[]): T {
    const value = this.raw(key);
    return choices.find((choice) => choice === value) ?? this.wrong(key, `one of ${choices.join(', ')}`);
  }

  object(key: string): CheckedJson {
    const value = this.raw(key);
    return isJson(value) ? new CheckedJson(value, this.pathOf(key), this.fail) : this.wrong(key, 'an object');
  }

  /** The object as it is, for a reader of its own. */
  json(key: string): Json {
    const value = this.raw(key);
    return isJson(value) ? value : this.wrong(key, 'an object');
  }

  texts(key: string): string[] {
    return this.list(key).map((value, i) =>
      typeof value === 'string' && value.length <= MAX_TEXT ? value : this.wrong(`${key}[${i}]`, 'text'),
    );
  }

  counts(key: string): number[] {
    return this.list(key).map((value, i) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? value
        : this.wrong(`${key}[${i}]`, 'a whole number'),
    );
  }

  /** Finite numbers. @param length how many, where that is known */
  numbers(key: string, length?: number): number[] {
    const values = this.list(key).map((value, i) =>
      typeof value === 'number' && Number.isFinite(value) ? value : this.wrong(`${key}[${i}]`, 'a number'),
    );
    return length === undefined || values.length === length ? values : this.wrong(key, `a list of ${length} numbers`);
  }

  /** Numbers with gaps: each finite or null. */
  gaps(key: string): (number | null)[] {
    return this.list(key).map((value, i) =>
      value === null || (typeof value === 'number' && Number.isFinite(value))
        ? value
        : this.wrong(`${key}[${i}]`, 'a number or null'),
    );
  }

  /** @param length how many, where that is known */
  objects(key: string, length?: number): CheckedJson[] {
    const values = this.list(key).map((value, i) =>
      isJson(value)
        ? new CheckedJson(value, this.pathOf(`${key}[${i}]`), this.fail)
        : this.wrong(`${key}[${i}]`, 'an object'),
    );
    return length === undefined || values.length === length ? values : this.wrong(key, `a list of ${length} objects`);
  }

  /** An object of numbers, each finite or null. */
  numbersOrNull(key: string): Record<string, number | null> {
    const entries = Object.entries(this.json(key)).map(([name, value]): [string, number | null] =>
      value === null || (typeof value === 'number' && Number.isFinite(value))
        ? [name, value]
        : this.wrong(`${key}.${name.slice(0, 40)}`, 'a number or null'),
    );
    return Object.fromEntries(entries);
  }

  private list(key: string): unknown[] {
    const value = this.raw(key);
    return Array.isArray(value) && value.length <= MAX_ITEMS ? value : this.wrong(key, 'a list');
  }

  private pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  private wrong(key: string, wanted: string): never {
    throw this.fail(`its "${this.pathOf(key)}" is not ${wanted}`);
  }
}

/** The outermost object of a file. @throws what `fail` makes of what is wrong */
export function checkedObject(value: unknown, fail: (what: string) => Error): CheckedJson {
  if (!isJson(value)) throw fail('it is no JSON object');
  return new CheckedJson(value, '', fail);
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
