import { isObject, parsedLoosely } from '../text/json';
import type { JsonObject } from '../text/json';
import type { PassageNumbers } from './label-evidence';
import { readBranches } from './read-branches';
import { readCompletion } from './read-completion';
import { isOwnLine, readOwnLine } from './read-own';
import { SkippedRow } from './record';
import { remarksOf } from './remarks';
import type { Rollout } from './record';

/**
 * One row as it was kept: of our own, or with the keys that docs/formats.md lists.
 * @throws SkippedRow with what is wrong and what to do
 */
export function readLine(line: string): Rollout {
  const found = parsedLoosely(line);
  if (found === undefined) throw new SkippedRow('not JSON: one whole object a line, without commas between lines');
  if (!isObject(found.value)) throw new SkippedRow('not an object: each line is {"prompt": .., "completion": ..}');
  const branches = readBranches(found.value);
  const read = readRow(found.value);
  return branches.length > 0 ? { ...read, branches } : read;
}

/**
 * @param numbers null where nobody asks which passages are the same
 * @throws SkippedRow with what is wrong and what to do
 */
export function readRow(row: JsonObject, numbers?: PassageNumbers | null): Rollout {
  const read = isOwnLine(row) ? readOwnLine(row) : readCompletion(row, numbers);
  const remarks = remarksOf(row);
  return remarks.length > 0 ? { ...read, remarks } : read;
}
