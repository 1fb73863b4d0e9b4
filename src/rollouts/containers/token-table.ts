/**
 * The numbers of tokens that a trainer keeps apart from its rollouts: miles writes `trajectory/12.jsonl`, and for the same samples
 * `dashboard_columns/rollout_12.parquet`. A row of the first is put together with that of the second by its `sample_index`.
 */
import type { JsonObject } from '../text/json';
import type { SourceFile } from './container';

/** By `sample_index`. */
export type TokenTable = ReadonlyMap<number, JsonObject>;

/** `12`, `eval_12`: what both are called by. */
function runOf(name: string, pattern: RegExp): string | null {
  return pattern.exec(name)?.[1] ?? null;
}
const ROLLOUTS = /(?:^|[/\\])((?:eval_)?\d+)\.jsonl$/;
const TOKENS = /(?:^|[/\\])rollout_((?:eval_)?\d+)\.parquet$/;

/** The folder that both are in, two up. */
function homeOf(name: string): string {
  return name.split(/[/\\]/).slice(0, -2).join('/');
}

/** The file with the numbers of a file's tokens, among those that are read together. */
export function tokensBeside<F extends Pick<SourceFile, 'name'>>({ name }: F, files: readonly F[]): F | undefined {
  const run = runOf(name, ROLLOUTS);
  if (run === null) return undefined;
  return files.find((file) => runOf(file.name, TOKENS) === run && homeOf(file.name) === homeOf(name));
}

/** Whether it goes by the name of one that is read with another. */
export function goesBeside<F extends Pick<SourceFile, 'name'>>(file: F, files: readonly F[]): boolean {
  return runOf(file.name, TOKENS) !== null && files.some((one) => tokensBeside(one, files) === file);
}

/** null where it is none: then it is a file as any other. */
export async function tokenTable(file: SourceFile): Promise<TokenTable | null> {
  const { readTokenColumns } = await import('./parquet-rows');
  return readTokenColumns(file);
}

/** A row with its numbers, where it has none of its own. */
export function withTokenRow(row: JsonObject, table: TokenTable): JsonObject {
  const { sample_index: index } = row;
  const numbers = typeof index === 'number' && !('tokens' in row) ? table.get(index) : undefined;
  return numbers === undefined ? row : { ...row, ...numbers };
}
