/** Our own tables (Parquet): a column has the whole line of each row. */
import { isObject, parsedLoosely, text } from '../text/json';
import type { JsonObject } from '../text/json';
import type { Writer } from '../reading/writer';

const COLUMNS = ['trajectory', 'line'];

function lineIn(row: JsonObject): JsonObject | null {
  for (const column of COLUMNS) {
    const line = text(row[column]);
    const found = line?.startsWith('{') ? parsedLoosely(line)?.value : undefined;
    if (isObject(found)) return found;
  }
  return null;
}

export const cutpointTable: Writer = {
  name: 'a table of Cutpoint',
  keys: ['row', 'question'],
  mine: (row) => lineIn(row) !== null,
  rows: (row) => {
    const line = lineIn(row);
    return line === null ? [] : [line];
  },
};
