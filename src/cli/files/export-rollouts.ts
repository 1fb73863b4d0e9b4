/** Rollouts of any kind that is read as ATIF or as a log of Inspect: the page's own code. */
import { existsSync, openAsBlob, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../lib/assert';
import { lineAt, placeOf, readRolloutFiles } from '../../rollouts/file/read-file';
import { readLine } from '../../rollouts/reading/read-line';
import { rowNumbers } from '../../rollouts/rollout-table';
import { atifLine } from '../../rollouts/write-atif';
import { inspectLog } from '../../rollouts/write-inspect';
import type { InspectRow } from '../../rollouts/write-inspect';
import { replaceFileBy } from './disk';
import { RunFolder } from './run-folder';

/** Lines that are told one by one. */
const TOLD = 5;

/** @returns what was left out, a line each @throws UserError where there is no trajectory */
export function exportAtif(from: string, to: string): Promise<string[]> {
  return write(from, to, (name, rows) => atifPieces(name, rows));
}

/** As `exportAtif`. */
export function exportInspect(from: string, to: string): Promise<string[]> {
  if (!to.endsWith('.eval')) {
    throw new UserError(`"${to}" would not be known to Inspect.`, 'It wants names that end with .eval.');
  }
  return write(from, to, (name, rows) => inspectLog(name, rows, Date.now()));
}

async function write(
  from: string,
  to: string,
  pieces: (name: string, rows: Iterable<InspectRow>) => AsyncIterable<Uint8Array>,
): Promise<string[]> {
  if (!existsSync(from)) throw new UserError(`There is no file "${from}".`);
  const path = statSync(from).isDirectory() ? RunFolder.at(from).file('trajectories') : from;
  if (!existsSync(path)) throw new UserError(`"${from}" holds no trajectories.jsonl.gz.`);
  const blob = await openAsBlob(path);
  const file = await readRolloutFiles([
    {
      name: basename(path),
      size: blob.size,
      stream: () => blob.stream(),
      slice: (start, end) => blob.slice(start, end),
    },
  ]);
  const numbers = rowNumbers(file.table);
  const order = Array.from(numbers.keys()).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
  function* rows(): Generator<InspectRow> {
    for (const row of order) {
      const line = lineAt(file, row);
      yield { line, rollout: readLine(line) };
    }
  }
  await replaceFileBy(to, pieces(basename(from), rows()));
  const left = file.skips.slice(0, TOLD).map((skip) => `${placeOf(skip)} left out: ${skip.reason}`);
  return file.skipped > left.length ? [...left, `${file.skipped - left.length} more lines left out`] : left;
}

async function* atifPieces(name: string, rows: Iterable<InspectRow>): AsyncGenerator<Uint8Array> {
  let number = 0;
  for (const { line, rollout } of rows) {
    number += 1;
    yield await Promise.resolve(new TextEncoder().encode(`${atifLine(line, rollout, { name, number })}\n`));
  }
}
