/** The rollouts of an opened file as something to save: its own lines, or rows of a table. */
import { UserError } from '../../../lib/assert';
import { parquetPieces } from '../../../rollouts/parquet-pieces';
import { lineAt, spanOf } from '../../../rollouts/file/read-file';
import type { RolloutFile } from '../../../rollouts/file/read-file';
import { readLine } from '../../../rollouts/reading/read-line';
import { withRemarks } from '../../../rollouts/reading/remarks';
import type { Remark } from '../../../rollouts/reading/remarks';
import { ROLLOUT_COLUMNS, rolloutRow, rowNumbers } from '../../../rollouts/rollout-table';
import type { RolloutRow } from '../../../rollouts/rollout-table';
import { listedRows } from '../../view/listed';
import type { Piece } from '../../state/file-types';
import { firstRow } from '../../state/rollouts-state';
import type { Studio } from '../../state/studio-state';

/** One after the other, at once or as they are fetched. */
export type Coming<T> = Iterable<T> | AsyncIterable<T>;

export interface TrajectorySource {
  name: string;
  count: number;
  lines: () => Coming<string>;
  rows: () => Coming<RolloutRow>;
  parquet: () => AsyncIterable<Piece>;
}

/** @throws UserError where nothing is listed */
export function someOf(places: readonly number[]): readonly number[] {
  if (places.length > 0) return places;
  throw new UserError('Nothing is listed, so there is nothing to save.', 'Press “Show all”, or save all.');
}

/** Rows whose lines are fetched together. */
const FETCHED = 100;

function known(value = NaN): number | null {
  return Number.isNaN(value) ? null : value;
}

/** @param remarks what this browser has of a row of the table, in place of the file's own */
export function rolloutSource(
  studio: Studio,
  file: RolloutFile,
  remarks: (row: number) => readonly Remark[] | undefined,
): TrajectorySource {
  const { rollouts, onlyListed } = studio.store.getState();
  const listed = onlyListed === false || rollouts.file === null ? null : listedRows(studio);
  const first = rollouts.file === null ? 0 : firstRow(rollouts.file);
  const numbers = rowNumbers(file.table);
  const rows =
    listed === null
      ? Array.from(numbers.keys()).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0))
      : someOf(listed.places).map((place) => first + place);
  const name = file.name.replace(/(\.jsonl|\.json|\.parquet)?(\.gz)?$/i, '');
  const lineOf = (row: number): string => {
    const said = remarks(row);
    return said === undefined ? lineAt(file, row) : withRemarks(lineAt(file, row), said);
  };
  const tableRow = (row: number): RolloutRow =>
    rolloutRow(readLine(lineOf(row)), numbers[row] ?? null, known(file.table.advantages[row]));
  return {
    name: listed === null ? `${name}-all` : `${name}-listed`,
    count: rows.length,
    async *lines() {
      for await (const row of fetched()) yield lineOf(row);
    },
    async *rows() {
      for await (const row of fetched()) yield tableRow(row);
    },
    parquet: () => parquetPieces([...ROLLOUT_COLUMNS, { name: 'line', type: 'STRING' }], withLines()),
  };

  async function* withLines(): AsyncGenerator<RolloutRow & { line: string }> {
    for await (const row of fetched()) yield { ...tableRow(row), line: lineOf(row) };
  }

  /** Each once its line is at hand. */
  async function* fetched(): AsyncGenerator<number> {
    for (let from = 0; from < rows.length; from += FETCHED) {
      const some = rows.slice(from, from + FETCHED);
      await file.lines.fetch(some.map((row) => spanOf(file.table, row)));
      yield* some;
    }
  }
}
