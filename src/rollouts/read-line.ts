import { isObject, parsed } from './json';
import { readCompletion } from './read-completion';
import { isOwnLine, readOwnLine } from './read-own';
import { SkippedRow } from './record';
import type { Rollout } from './record';

/** Longest line that is read, in characters: a rollout of a million tokens. */
export const MAX_LINE = 8_000_000;

/**
 * One line of a file as a Rollout.
 * @throws SkippedRow with what is wrong and what to do
 */
export function readLine(line: string): Rollout {
  if (line.length > MAX_LINE) throw new SkippedRow('longer than 8 MB: one line is one trajectory');
  const row = parsed(line);
  if (row === undefined) throw new SkippedRow('not JSON: one whole object a line, without commas between lines');
  if (!isObject(row)) throw new SkippedRow('not an object: each line is {"prompt": .., "completion": ..}');
  return isOwnLine(row) ? readOwnLine(row) : readCompletion(row);
}
