/** Our own lines as a Parquet table for notebooks: the numbers as columns, messages and the whole line as JSON. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { finite, isArray, isObject, parsed, text } from './json';
import { isOwnLine, readOwnLine } from './read-own';
import { SkippedRow } from './record';

const COLUMNS = [
  { name: 'update', type: 'INT32' },
  { name: 'row', type: 'INT32' },
  { name: 'cut', type: 'INT32' },
  { name: 'branches', type: 'INT32' },
  { name: 'em_draft', type: 'INT32' },
  { name: 'em_final', type: 'INT32' },
  { name: 'reward_draft', type: 'DOUBLE' },
  { name: 'reward_final', type: 'DOUBLE' },
  { name: 'coverage', type: 'DOUBLE' },
  { name: 'advantage', type: 'DOUBLE' },
  { name: 'question', type: 'STRING' },
  { name: 'answer', type: 'STRING' },
  { name: 'messages', type: 'STRING' },
  { name: 'trajectory', type: 'STRING' },
] as const;
type ParquetRow = Readonly<Record<(typeof COLUMNS)[number]['name'], number | string | null>>;

/** Rows that are written together: 12 MB of text at most. */
const GROUP_ROWS = 1000;

/**
 * The bytes of the table, one piece a group of rows.
 *
 * @param lines of `cutpoint-trajectory`, of any version that is read
 * @param onSkip told of each line (from 1) that is left out, and why
 */
export async function* parquetChunks(
  lines: Iterable<string> | AsyncIterable<string>,
  onSkip: (line: number, reason: string) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const bytes = new ByteWriter();
  const columnsOf = (rows: readonly ParquetRow[]) =>
    COLUMNS.map(({ name, type }) => ({ name, type, data: rows.map((row) => row[name]) }));
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: columnsOf([]) }) });
  const take = (): Uint8Array<ArrayBuffer> => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };
  let rows: ParquetRow[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      rows.push(rowOf(line));
    } catch (error) {
      if (!(error instanceof SkippedRow)) throw error;
      onSkip(number, error.message);
    }
    if (rows.length < GROUP_ROWS) continue;
    await writer.write({ columnData: columnsOf(rows), rowGroupSize: GROUP_ROWS });
    rows = [];
    yield take();
  }
  if (rows.length > 0) await writer.write({ columnData: columnsOf(rows), rowGroupSize: GROUP_ROWS });
  await writer.finish();
  yield take();
}

/** @throws SkippedRow for anything but a line of our own */
function rowOf(line: string): ParquetRow {
  const row = parsed(line);
  if (!isObject(row) || !isOwnLine(row)) throw new SkippedRow('no trajectory of Cutpoint');
  const { question, step, cut, draft, final, advantage, branches } = readOwnLine(row);
  return {
    ...{ update: step, row: finite(row['row']), cut, branches: branches.length, question, advantage },
    ...{ em_draft: draft.em, em_final: final.em, reward_draft: draft.reward, reward_final: final.reward },
    coverage: final.coverage,
    answer: text(row['answer']),
    // Version 1 has none.
    messages: isArray(row['messages']) ? JSON.stringify(row['messages']) : null,
    trajectory: line,
  };
}
