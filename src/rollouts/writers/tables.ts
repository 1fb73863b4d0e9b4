/**
 * Tables as one object: columns and rows apart (Weights & Biases, pandas' `split`), each column by row (pandas' own order) or as a
 * list (ROLL), or all rollouts of a step in columns of numbered names (verl's table for Weights & Biases).
 */
import { COMPLETION_KEYS, PROMPT_KEYS } from '../reading/fields';
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { fnv1a64Hex } from '../../lib/hash';
import { SUPERSEDES } from '../reading/writer';
import type { Writer } from '../reading/writer';

const isTexts = (value: unknown): value is readonly string[] =>
  isArray(value) && value.length > 0 && value.every((one) => text(one) !== null);

/** `{"columns": ["prompt", ..], "data": [[..], ..]}` */
export const splitTable: Writer = {
  name: 'a table of columns and data',
  keys: ['columns', 'data'],
  mine: ({ columns, data }) => isTexts(columns) && isArray(data) && data.every(isArray),
  rows: ({ columns, data }, file) => {
    const names = isTexts(columns) ? columns : [];
    const rows = isArray(data) ? data.filter(isArray) : [];
    const table = LOGGED.exec(file)?.[1];
    return rows.map((row, place) => ({
      ...Object.fromEntries(names.map((name, k) => [name, row[k] ?? null])),
      ...(table === undefined ? {} : { [SUPERSEDES]: `${table} ${place} ${hashOf(row)}` }),
    }));
  },
};

/**
 * Weights & Biases keeps a table that grows in a new file each time that it is logged, with all rows of before: a row at the same
 * place of the same table is the same one.
 */
const LOGGED = /^(.*)_\d+_[0-9a-f]{16,64}\.table\.json$/;

function hashOf(row: readonly unknown[]): string {
  return fnv1a64Hex(new TextEncoder().encode(JSON.stringify(row)));
}

/** `{"prompt": {"0": ..}, "completion": {"0": ..}}` */
export const columnTable: Writer = {
  name: 'a table by columns',
  keys: [],
  mine: (row) => {
    const columns = Object.values(row);
    const [first] = columns;
    return columns.length > 1 && isObject(first) && 0 in first && columns.every((one) => isObject(one) && 0 in one);
  },
  rows: (row) => {
    const columns = Object.entries(row).flatMap(([name, column]) =>
      isObject(column) ? [[name, column] as const] : [],
    );
    return Object.keys(columns[0]?.[1] ?? {}).map((place): JsonObject =>
      Object.fromEntries(columns.map(([name, column]) => [name, column[place] ?? null])),
    );
  },
};

/** Columns of what was asked and of what was written, whose other names are those of one row. */
const ASKED = [...PROMPT_KEYS, 'question', 'questions', 'query', 'queries', 'inputs'];
const WRITTEN = [...COMPLETION_KEYS, 'completions', 'outputs', 'messages'];
const SINGULAR: Readonly<Record<string, string>> = {
  ...{ prompts: 'prompt', inputs: 'input', questions: 'question', queries: 'query', responses: 'response' },
  ...{ completions: 'completion', outputs: 'output', scores: 'score', rewards: 'reward', advantages: 'advantage' },
};

/** What a table of chats has beside them (ROLL, Atropos). */
const OF_CHATS = ['scores', 'rewards', 'advantages', 'trajectory_data', 'global_step', 'step'];

/** Of each rollout one entry; a list of messages is one chat. */
const isColumn = (value: unknown): value is readonly unknown[] =>
  isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' || isArray(one));

/** Whole chats say what was asked, too. */
const isChats = (list: readonly unknown[]): boolean =>
  list.every((one) => (isArray(one) ? isObject(one[0]) && 'role' in one[0] : /^\s*\[\s*\{/.test(text(one) ?? '')));

function columnsIn(row: JsonObject): readonly unknown[] | null {
  const written = WRITTEN.map((key) => row[key]).find(isColumn);
  if (written === undefined) return null;
  const beside = (keys: readonly string[]): boolean =>
    keys.some((key) => isArray(row[key]) && row[key].length === written.length);
  const asked = ASKED.filter((key) => isColumn(row[key]));
  return beside(asked) || (isChats(written) && beside(OF_CHATS)) ? written : null;
}

/** `{"prompt": ["..", ".."], "responses": ["..", ".."], "scores": [1, 0]}` */
export const listTable: Writer = {
  name: 'a table of lists',
  keys: [],
  mine: (row) => columnsIn(row) !== null,
  rows: (row) =>
    (columnsIn(row) ?? []).map((_, k, { length }) =>
      Object.fromEntries(
        Object.entries(row).map(([name, column]) =>
          isArray(column) && column.length === length ? [SINGULAR[name] ?? name, column[k] ?? null] : [name, column],
        ),
      ),
    ),
};

const NUMBERED = /^([a-z]\w{0,40}?)_(\d{1,6})$/;

/** `{"step": 10, "input_1": "..", "output_1": "..", "score_1": 1, "input_2": ..}` */
export const numberedTable: Writer = {
  name: 'a table of numbered columns',
  keys: [],
  mine: (row) => {
    const [asked] = Object.keys(row).filter((key) => ASKED.includes(NUMBERED.exec(key)?.[1] ?? ''));
    const number = NUMBERED.exec(asked ?? '')?.[2];
    return number !== undefined && WRITTEN.some((key) => `${key}_${number}` in row);
  },
  rows: (row) => {
    const shared: [string, unknown][] = [];
    const rows = new Map<string, [string, unknown][]>();
    for (const [key, value] of Object.entries(row)) {
      const [, name = '', number] = NUMBERED.exec(key) ?? [];
      const own = number === undefined ? shared : (rows.get(number) ?? []);
      own.push([number === undefined ? key : name, value]);
      if (number !== undefined) rows.set(number, own);
    }
    return [...rows.values()].map((own) => Object.fromEntries([...shared, ...own]));
  },
};
