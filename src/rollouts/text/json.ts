/** Looking into JSON of unknown make. */
import { readLiteral } from './literal';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function finite(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value of the first of the keys that is there and not null. */
export function first(object: JsonObject, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = object[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** JSON within a string, undefined where it is none. */
export function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** What JSON has no words for, and Python's json, DuckDB and others write all the same. Strings are stepped over. */
const BARE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|-?\bNaN\b/g;

/**
 * JSON in which bare NaN and Infinity are unknown numbers: null, and counted; or what Python prints of a dict. undefined where it is
 * none.
 */
export function parsedLoosely(source: string): { value: unknown; unknownNumbers: number } | undefined {
  const value = parsed(source);
  if (value !== undefined) return { value, unknownNumbers: 0 };
  if (/^\s*\{\s*'/.test(source)) {
    const printed = readLiteral(source);
    if (printed?.whole) return { value: printed.value, unknownNumbers: 0 };
  }
  if (!/NaN|Infinity/.test(source)) return undefined;
  let unknownNumbers = 0;
  const mended = source.replace(BARE, (word) => {
    if (word.startsWith('"')) return word;
    unknownNumbers += 1;
    return 'null';
  });
  const again = unknownNumbers > 0 ? parsed(mended) : undefined;
  return again === undefined ? undefined : { value: again, unknownNumbers };
}
