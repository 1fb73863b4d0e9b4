/** Finds finished runs for a report: run folders, folders that hold some, and summaries files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../lib/assert';
import type { LeftOut } from '../../report/arms';
import { readRecord, recordKey, recordOf, type RunRecord } from '../../report/record';
import { onDisk, replaceFile } from './disk';
import { parseLines, RunFolder } from './run-folder';

export interface FoundRuns {
  records: RunRecord[];
  leftOut: LeftOut[];
}

/** Folders in folders that are looked into: STUDY/ARM/seed-N, and one more. */
const DEPTH = 4;

/**
 * Reads everything that the paths name. What is unfinished or of another version is left out by name and reason; a run that
 * comes twice counts once, the later one.
 *
 * @throws UserError where a path holds no run, or is itself of another version
 */
export function readRuns(paths: readonly string[]): FoundRuns {
  const leftOut: LeftOut[] = [];
  const found = new Map<string, { name: string; record: RunRecord }>();
  for (const path of paths) {
    for (const next of readPath(path, leftOut)) {
      const key = recordKey(next.record);
      const known = found.get(key);
      if (known === undefined) found.set(key, next);
      else {
        const [kept, dropped] = next.record.updates >= known.record.updates ? [next, known] : [known, next];
        found.set(key, kept);
        if (kept.record.weightsHash === dropped.record.weightsHash) continue;
        const why =
          kept.record.updates > dropped.record.updates ? 'which went further' : 'which ended with other weights';
        leftOut.push({ name: dropped.name, reason: `the same run as ${kept.name}, ${why}` });
      }
    }
  }
  return { records: [...found.values()].map(({ record }) => record), leftOut };
}

interface Named {
  name: string;
  record: RunRecord;
}

function readPath(path: string, leftOut: LeftOut[]): Named[] {
  if (!existsSync(path)) throw new UserError(`There is no folder or file "${path}".`);
  if (!statSync(path).isDirectory()) return readSummaries(path);
  if (isRun(path)) return readFolder(path, leftOut);
  const folders = runFolders(path, DEPTH);
  if (folders.length === 0) {
    throw new UserError(
      `"${path}" holds no run.`,
      'Name folders that npm run experiment has written, folders of such folders, or a summaries file.',
    );
  }
  return folders.flatMap((folder) => {
    try {
      return readFolder(folder, leftOut);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      leftOut.push({ name: folder, reason: error.message });
      return [];
    }
  });
}

function isRun(path: string): boolean {
  const folder = RunFolder.at(path);
  return (['metrics', 'evaluations', 'checkpoint', 'summary'] as const).some((name) => existsSync(folder.file(name)));
}

function runFolders(path: string, depth: number): string[] {
  const inside = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return inside.flatMap((folder) => (isRun(folder) ? [folder] : depth > 1 ? runFolders(folder, depth - 1) : []));
}

function readFolder(path: string, leftOut: LeftOut[]): Named[] {
  const folder = RunFolder.at(path);
  const summary = folder.readSummary();
  if (summary === undefined) {
    const done = folder.readLines('metrics').length;
    leftOut.push({ name: path, reason: `unfinished, ${done} updates done (npm run experiment -- --resume ${path})` });
    return [];
  }
  const [evaluations, metrics] = [folder.readLines('evaluations'), folder.readLines('metrics')];
  const [theory, tries] = [folder.readLines('theory'), folder.readLines('tries')];
  return [{ name: path, record: recordOf({ summary, evaluations, metrics, theory, tries }, path) }];
}

function readSummaries(path: string): Named[] {
  if (!path.endsWith('.jsonl')) {
    throw new UserError(`"${path}" is neither a folder nor a summaries file.`, 'Summaries files end in .jsonl.');
  }
  const lines = parseLines(
    onDisk(path, 'read', () => readFileSync(path, 'utf8')),
    path,
  );
  return lines.map((line, i) => {
    const name = `${path}, line ${i + 1}`;
    return { name, record: readRecord(line, name) };
  });
}

/** One record a line, in one step. */
export function writeSummaries(path: string, records: readonly RunRecord[]): void {
  replaceFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
