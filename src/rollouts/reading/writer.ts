/** A trainer whose rows are in a shape of its own: one file here each, and a row in docs/formats.md. */
import { finite, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';

export interface Writer {
  /** As people call it. */
  name: string;
  /** Keys that all of its rows have; what else makes a row its own says `mine`. */
  keys: readonly string[];
  mine?: (row: JsonObject) => boolean;
  /**
   * The rollouts of a row, with the keys that docs/formats.md lists (`prompt`, `completion` or `messages`, `reward`, `step`, ..).
   *
   * @param file its path, as far as it is known
   */
  rows: (row: JsonObject, file: string) => readonly JsonObject[];
}

/** A row that has it replaces the row before of that name and step. */
export const SUPERSEDES = 'cutpoint_supersedes';
/** The name by which a later row may replace it, where that is another one. */
export const NAMED = 'cutpoint_named';

/**
 * The numbers of a row's tokens (`TokenColumns`), where it has any. It stands last in the row: nobody searches in it, and nobody
 * reads it before the tokens are on screen (`../file-tokens.ts`).
 */
export const TOKENS = 'cutpoint_tokens';
/** Other ends of the same conversation (`KeptBranch`), read when the row is looked at (`../read-branches.ts`). */
export const BRANCHES = 'cutpoint_branches';

/** A number, or a number as text. */
export function numberOf(value: unknown): number | null {
  if (typeof value !== 'string') return finite(value);
  return value.trim() === '' ? null : finite(Number(value));
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return isArray(value) ? value : [];
}

/** Text, or a number as text: what names a group. */
export function nameOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : text(value);
}

/** The entries that are known. */
export function known(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));
}

/** All entries but some. */
export function without(row: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
}

/** `step_12`, `step=12`, `completions_00012` anywhere in the path; null where it says none. */
export function stepInPath(file: string): number | null {
  if (last?.file !== file) {
    const found = [...file.matchAll(/(?:^|[/_.\-a-z])step[_=-]?(\d+)|completions_(\d+)(?!\d|_[0-9a-f]{16})/gi)].at(-1);
    last = { file, step: found ? Number(found[1] ?? found[2]) : null };
  }
  return last.step;
}

/** Rows of a file follow each other. */
let last: { file: string; step: number | null } | null = null;

/** `12.jsonl`, `0012.parquet`. */
export function stepInName(file: string): number | null {
  const found = /(?:^|[/\\])(\d+)\.[a-z.]+$/i.exec(file)?.[1];
  return found === undefined ? null : Number(found);
}
