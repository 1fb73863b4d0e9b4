/** Our own lines as a Parquet table for notebooks: the numbers as columns, messages and the whole line as JSON. */
import { finite, isArray, isObject, parsed, text } from './text/json';
import { parquetPieces } from './parquet-pieces';
import { readRow } from './reading/read-line';
import { isOwnLine } from './reading/read-own';
import { SkippedRow } from './reading/record';
import { remarkColumns } from './rollout-table';

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
  { name: 'labels', type: 'STRING' },
  { name: 'notes', type: 'STRING' },
  { name: 'messages', type: 'STRING' },
  { name: 'trajectory', type: 'STRING' },
] as const;
type ParquetRow = Readonly<Record<(typeof COLUMNS)[number]['name'], number | string | null>>;

/**
 * The bytes of the table, one piece a group of rows.
 *
 * @param lines of `cutpoint-trajectory`, of any version that is read
 * @param onSkip told of each line (from 1) that is left out, and why
 */
export function parquetChunks(
  lines: Iterable<string> | AsyncIterable<string>,
  onSkip: (line: number, reason: string) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  return parquetPieces(COLUMNS, rowsOf(lines, onSkip));
}

async function* rowsOf(
  lines: Iterable<string> | AsyncIterable<string>,
  onSkip: (line: number, reason: string) => void,
): AsyncGenerator<ParquetRow> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    let row: ParquetRow;
    try {
      row = rowOf(line);
    } catch (error) {
      if (!(error instanceof SkippedRow)) throw error;
      onSkip(number, error.message);
      continue;
    }
    yield row;
  }
}

/** @throws SkippedRow for anything but a line of our own */
function rowOf(line: string): ParquetRow {
  const row = parsed(line);
  if (!isObject(row) || !isOwnLine(row)) throw new SkippedRow('no trajectory of Cutpoint');
  const rollout = readRow(row);
  const { question, step, cut, draft, final, advantage, branches } = rollout;
  return {
    ...{ update: step, row: finite(row['row']), cut, branches: branches.length, question, advantage },
    ...{ em_draft: draft.em, em_final: final.em, reward_draft: draft.reward, reward_final: final.reward },
    coverage: final.coverage,
    answer: text(row['answer']),
    ...remarkColumns(rollout),
    // Version 1 has none.
    messages: isArray(row['messages']) ? JSON.stringify(row['messages']) : null,
    trajectory: line,
  };
}
