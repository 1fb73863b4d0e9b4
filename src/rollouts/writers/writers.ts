/** The table of writers: whose row is it, and what are its rollouts. Rows with the common keys are nobody's own. */
import type { JsonObject } from '../text/json';
import { isOwnLine } from '../reading/read-own';
import { areal } from './areal';
import { art } from './art';
import { atif } from './atif';
import { inspectLog, inspectSample } from './inspect';
import { cutpointTable } from './cutpoint-table';
import { miles } from './miles';
import { nemoGym } from './nemo-gym';
import { nemoRl } from './nemo-rl';
import { rllm } from './rllm';
import { searchO1 } from './search-o1';
import { skyrl } from './skyrl';
import { swift } from './swift';
import { trackio } from './trackio';
import { trl } from './trl';
import { unipo } from './unipo';
import { verifiers } from './verifiers';
import { verl } from './verl';
import { stepInPath, TOKENS } from '../reading/writer';
import type { Writer } from '../reading/writer';
import { stepOf } from '../reading/fields';

const WRITERS: readonly Writer[] = [
  ...[verl, trl, swift, verifiers, inspectSample, inspectLog, nemoGym, skyrl, areal, miles, nemoRl, rllm, art, atif],
  ...[trackio, unipo, searchO1, cutpointTable],
];

/** The rollouts of a row that is in a trainer's own shape or whose step stands in its path; null where it is one as it is. */
export function commonRows(row: JsonObject, file: string): readonly JsonObject[] | null {
  if (isOwnLine(row)) return null;
  const writer = WRITERS.find(({ keys, mine }) => keys.every((key) => key in row) && (mine?.(row) ?? true));
  const rows = writer?.rows(row, file);
  const step = stepInPath(file);
  if (step === null) return rows ?? null;
  if (rows === undefined && stepOf(row) !== null) return null;
  return (rows ?? [row]).map((one) => (stepOf(one) === null ? withStep(one, step) : one));
}

function withStep({ [TOKENS]: tokens, ...rest }: JsonObject, step: number): JsonObject {
  return { ...rest, step, ...(tokens === undefined ? {} : { [TOKENS]: tokens }) };
}

/** For a refusal: the keys that a row has, and whose rows come nearest to it. */
export function nearestKind(row: JsonObject): string {
  const keys = Object.keys(row);
  const has =
    keys.length === 0
      ? 'it has no keys'
      : `its keys are ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', ..' : ''}`;
  const [nearest] = WRITERS.map((writer) => ({ writer, lacks: writer.keys.filter((key) => !(key in row)) }))
    .filter(({ writer, lacks }) => lacks.length < writer.keys.length)
    .sort((a, b) => a.lacks.length / a.writer.keys.length - b.lacks.length / b.writer.keys.length);
  if (nearest === undefined || nearest.lacks.length === 0) return has;
  return `${has}; nearest is ${nearest.writer.name}, which also has ${nearest.lacks.join(', ')}`;
}
