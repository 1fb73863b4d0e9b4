/** Tables as one object: columns and rows apart (Weights & Biases, pandas' `split`), or each column by row (pandas' own order). */
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import type { Writer } from '../reading/writer';

const isTexts = (value: unknown): value is readonly string[] =>
  isArray(value) && value.length > 0 && value.every((one) => text(one) !== null);

/** `{"columns": ["prompt", ..], "data": [[..], ..]}` */
export const splitTable: Writer = {
  name: 'a table of columns and data',
  keys: ['columns', 'data'],
  mine: ({ columns, data }) => isTexts(columns) && isArray(data) && data.every(isArray),
  rows: ({ columns, data }) => {
    const names = isTexts(columns) ? columns : [];
    const rows = isArray(data) ? data.filter(isArray) : [];
    return rows.map((row) => Object.fromEntries(names.map((name, k) => [name, row[k] ?? null])));
  },
};

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
