/** The table of writers: whose row is it, and what are its rollouts. Rows with the common keys are nobody's own. */
import { first, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { isOwnLine } from '../reading/read-own';
import { autogen, dspy, llamaIndexContext, pydanticAi, smolagents } from './agents';
import { agentSteps } from './agent-steps';
import { areal } from './areal';
import { art } from './art';
import { asearcherEvaluation, asearcherTraining } from './asearcher';
import { atif } from './atif';
import { browseComp, helm, lighteval, lmEval, openCompass } from './evaluations';
import { adk, chatGpt, exchange, preferences } from './exports';
import { flashrag } from './flashrag';
import { inspectLog, inspectSample } from './inspect';
import { cutpointTable } from './cutpoint-table';
import { langchain, langsmith } from './langchain';
import { miles } from './miles';
import { mlflow } from './mlflow';
import { nemoGym } from './nemo-gym';
import { nemoRl } from './nemo-rl';
import { choices, responses, runState } from './openai';
import { deepEval, haystack, llamaIndex, ragas } from './retrieved';
import { rllm } from './rllm';
import { searchO1 } from './search-o1';
import { several } from './several';
import { skyrl } from './skyrl';
import { otlp, spans } from './spans';
import { swift } from './swift';
import { columnTable, listTable, numberedTable, splitTable } from './tables';
import { tinker, tinkerSummaries } from './tinker';
import { trackio } from './trackio';
import { trl } from './trl';
import { unipo } from './unipo';
import { verifiers } from './verifiers';
import { verl } from './verl';
import { stepInPath, SUPERSEDES, TOKENS, without } from '../reading/writer';
import type { Writer } from '../reading/writer';
import { COMPLETION_KEYS, messagesOf, stepOf } from '../reading/fields';
import { isMessages, roleOf } from '../reading/messages';
import { unnamedText } from '../reading/unnamed-text';

/** Their rows may be in a trainer's shape in turn. */
const TABLES: readonly Writer[] = [splitTable, columnTable, listTable, numberedTable, langsmith, mlflow, runState];

const WRITERS: readonly Writer[] = [
  ...[verl, trl, swift, verifiers, inspectSample, inspectLog, nemoGym, skyrl, areal, miles, nemoRl, rllm, art, atif],
  ...[trackio, tinker, tinkerSummaries, unipo, searchO1, asearcherEvaluation, asearcherTraining, cutpointTable],
  ...[lmEval, flashrag, openCompass, langsmith, langchain, smolagents, dspy, autogen, llamaIndexContext, pydanticAi],
  ...[
    helm,
    lighteval,
    browseComp,
    ragas,
    deepEval,
    haystack,
    llamaIndex,
    adk,
    chatGpt,
    spans,
    otlp,
    preferences,
    agentSteps,
  ],
  ...[responses, choices, exchange],
  ...TABLES,
  several,
];

/** The rollouts of a row that is in a trainer's own shape or whose step stands in its path; null where it is one as it is. */
export function commonRows(row: JsonObject, file: string): readonly JsonObject[] | null {
  if (isOwnLine(row)) return null;
  const owner = ownerOf(row);
  const inner = owner && TABLES.includes(owner) ? owner.rows(row, file).flatMap((one) => ofTable(one, file)) : null;
  const rows = inner ?? owner?.rows(row, file) ?? innerRows(row, file);
  const step = stepInPath(file);
  if (step === null) return rows ?? null;
  if (rows === undefined && stepOf(row) !== null) return null;
  return (rows ?? [row]).map((one) => (stepOf(one) === null ? withStep(one, step) : one));
}

/** Of a row that takes the place of another, each of its rollouts does. */
function ofTable(row: JsonObject, file: string): readonly JsonObject[] {
  const rows = commonRows(row, file);
  const whose = text(row[SUPERSEDES]);
  if (rows === null) return [row];
  return whose === null ? rows : rows.map((one, k) => ({ ...one, [SUPERSEDES]: `${whose} ${k}` }));
}

function ownerOf(row: JsonObject): Writer | undefined {
  const keys = Object.keys(row).join('\n');
  if (last.keys !== keys) {
    last = { keys, may: WRITERS.filter((writer) => writer.keys.every((key) => Object.hasOwn(row, key))) };
  }
  return last.may.find(({ mine }) => mine?.(row) ?? true);
}

/** Rows of a file have the same keys: whose they may be is asked once. */
let last: { keys: string; may: readonly Writer[] } = { keys: '', may: [] };

/** Deeper than any envelope. */
const MOST_DEPTH = 4;

/**
 * Of an object that is no row itself: the rows of a list under one of its keys (`results` beside what is said of all of them), those
 * that stand each under its own name, or the one that an object of its own holds (`values`, `row`). undefined where there are none.
 */
function innerRows(row: JsonObject, file: string, depth = 0): readonly JsonObject[] | undefined {
  if (isCommonRow(row) || depth > MOST_DEPTH) return undefined;
  const values = Object.values(row);
  const list =
    values.find((value) => isArray(value) && value.length > 0 && value.every(isInnerRow)) ?? values.map(chatRow);
  if (isArray(list) && list.length > 0 && list.every(isInnerRow)) {
    const step = stepOf(row);
    const rows = list
      .filter(isObject)
      .flatMap((one) => commonRows(one, file) ?? innerRows(one, file, depth + 1) ?? [one]);
    return step === null ? rows : rows.map((one) => (stepOf(one) === null ? withStep(one, step) : one));
  }
  for (const [key, value] of Object.entries(row)) {
    if (!isObject(value) || !NESTED.test(key)) continue;
    const inner = isRow(value) ? (commonRows(value, file) ?? [value]) : innerRows(value, file, depth + 1);
    if (inner !== undefined) return inner.map((one) => ({ ...without(row, [key]), ...one }));
  }
  return undefined;
}

/** Where one row is put into another object. */
const NESTED =
  /^(?:row|values|value|data|record|run|trajectory|result|results|state|trace|conversation|payload|body|item|(?:chat_)?store|\w*history)$/;

function isRow(value: unknown): boolean {
  return isObject(value) && (isOwnLine(value) || isCommonRow(value) || ownerOf(value) !== undefined);
}

/** A chat that stands under a name of its own: LlamaIndex' stores. */
function chatRow(value: unknown): unknown {
  return isMessages(value) && value.some((message) => roleOf(message) === 'assistant') ? { messages: value } : value;
}

/** A row, or what holds one: {"row_idx": 0, "row": {..}}, of the viewer of data sets. */
function isInnerRow(value: unknown): boolean {
  return isRow(value) || (isObject(value) && isRow(value['row']));
}

/** A message of a chat has a `content` and no more. */
function isCommonRow(row: JsonObject): boolean {
  return first(row, COMPLETION_KEYS) !== undefined || messagesOf(row) !== undefined || unnamedText(row) !== null;
}

function withStep({ [TOKENS]: tokens, ...rest }: JsonObject, step: number): JsonObject {
  return { ...rest, step, ...(tokens === undefined ? {} : { [TOKENS]: tokens }) };
}

/** One of them alone says nothing of where a row comes from. */
const OF_MANY = [
  'question',
  'prompt',
  'completion',
  'messages',
  'answer',
  'reward',
  'score',
  'step',
  'metadata',
  'data',
];

/** Keys of a fact, one of each. */
const FACT = [
  ['subject', 'head', 's', 'h'],
  ['relation', 'predicate', 'rel', 'r', 'p'],
  ['object', 'tail', 'o', 't'],
];

const TOKEN_KEYS = ['tokens', 'token_ids', 'input_ids'];

/** For a refusal: the keys that a row has, and whose rows come nearest to it. */
export function nearestKind(row: JsonObject): string {
  const keys = Object.keys(row);
  const has =
    keys.length === 0
      ? 'it has no keys'
      : `its keys are ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', ..' : ''}`;
  if (FACT.every((names) => keys.some((key) => names.includes(key.toLowerCase())))) {
    return `${has}, which are those of facts: as a table of subject, relation and object, with tabs between them, they open as a world`;
  }
  if (TOKEN_KEYS.some((key) => isArray(row[key]) && row[key].length > 0))
    return `${has}: numbers of tokens without their text`;
  const [nearest] = WRITERS.map((writer) => ({ writer, lacks: writer.keys.filter((key) => !(key in row)) }))
    .filter(({ writer, lacks }) => {
      const there = writer.keys.filter((key) => !lacks.includes(key));
      return there.length > 1 || there.some((key) => !OF_MANY.includes(key));
    })
    .sort((a, b) => a.lacks.length / a.writer.keys.length - b.lacks.length / b.writer.keys.length);
  if (nearest === undefined || nearest.lacks.length === 0) return has;
  return `${has}; nearest is ${nearest.writer.name}, which also has ${nearest.lacks.join(', ')}`;
}
