import { appendFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { STATE_FILE } from '../../formats/checkpoint-folder';
import { UserError } from '../../lib/assert';
import { NEWER_HINT } from '../../lib/versions';
import { readBytes, readCheckpointFolder } from './checkpoint-folder';
import { makeFolder, onDisk, replaceFile, THIS_FOLDER, usable } from './disk';

const FILES = {
  metrics: 'metrics.jsonl',
  timings: 'timings.jsonl',
  evaluations: 'evaluations.jsonl',
  theory: 'theory.jsonl',
  tries: 'tries.jsonl',
  trajectories: 'trajectories.jsonl.gz',
  summary: 'summary.json',
  checkpoint: 'checkpoint.safetensors',
  world: 'world.tsv',
} as const;

export const SUMMARY_FORMAT = 'cutpoint-summary/1';

type LineFile = 'metrics' | 'timings' | 'evaluations' | 'theory' | 'tries';
type Line = Record<string, unknown>;

/**
 * The folder of one run. Lines are appended; every other file is replaced in one step, so a kill or a full disk leaves a
 * usable folder. What the disk refuses is a DiskError, or a UserError before there is anything to lose.
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /** @throws UserError where the folder holds a run already or cannot be written */
  static create(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (folder.holdsRun()) {
      throw new UserError(
        `"${path}" already holds a run.`,
        `Continue it with --resume ${path}, or name another folder with --out.`,
      );
    }
    usable(() => {
      makeFolder(path);
      // Also clears what a run left that was killed before its first checkpoint.
      folder.replace('evaluations', '');
    });
    return folder;
  }

  /** @throws UserError where there is no checkpoint to go on from */
  static open(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (existsSync(path) && !statSync(path).isDirectory()) {
      throw new UserError(
        `"${path}" is a file, and a run goes on in a folder.`,
        `Unpack it first: npm run export -- ${path} --out DIR, then --resume DIR.`,
      );
    }
    if (!existsSync(folder.file('checkpoint')) && !existsSync(join(path, STATE_FILE))) {
      throw new UserError(
        `"${path}" holds no ${FILES.checkpoint}, so there is nothing to resume.`,
        'Start the run with --out first.',
      );
    }
    return folder;
  }

  /** A folder as it is, whatever it holds, to look into. */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  holdsRun(): boolean {
    return existsSync(this.file('metrics')) || existsSync(this.file('checkpoint'));
  }

  file(name: keyof typeof FILES): string {
    return join(this.path, FILES[name]);
  }

  append(name: LineFile, value: unknown): void {
    const path = this.file(name);
    onDisk(path, 'write', () => appendFileSync(path, `${JSON.stringify(value)}\n`));
  }

  /** Gzip members one after the other are one gzip file. */
  appendTrajectories(lines: Iterable<string>): void {
    const path = this.file('trajectories');
    onDisk(path, 'write', () => appendFileSync(path, gzipSync(`${[...lines].join('\n')}\n`)));
  }

  /** @throws UserError for a line that is no JSON, unless it is the last and was cut off */
  readLines(name: LineFile): Line[] {
    const path = this.file(name);
    return existsSync(path)
      ? parseLines(
          onDisk(path, 'read', () => readFileSync(path, 'utf8')),
          path,
        )
      : [];
  }

  /**
   * Forgets everything after an update, what a run wrote after its last checkpoint before it was killed, and the summary,
   * which is due again.
   *
   * @throws UserError where the folder cannot be written
   */
  rewind(update: number): void {
    const early = (line: Line) => Number(line['update']) <= update;
    usable(() => {
      for (const name of ['metrics', 'timings', 'evaluations', 'theory', 'tries'] as const) {
        if ((name === 'theory' || name === 'tries') && !existsSync(this.file(name))) continue;
        this.replace(name, text(this.readLines(name).filter(early)));
      }
      rmSync(this.file('summary'), { force: true });
      const path = this.file('trajectories');
      if (!existsSync(path)) return;
      // A member that was cut off by a kill or a full disk is of an update after the checkpoint: read up to it.
      const found = gunzipSync(readFileSync(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
      this.replace('trajectories', gzipSync(text(parseLines(found, path).filter(early))));
    }, THIS_FOLDER);
  }

  /** Puts an evaluation in place of that of the same update. */
  replaceEvaluation(evaluation: Line): void {
    const lines = this.readLines('evaluations').map((line) =>
      line['update'] === evaluation['update'] ? evaluation : line,
    );
    this.replace('evaluations', text(lines));
  }

  writeCheckpoint(bytes: Uint8Array): void {
    this.replace('checkpoint', bytes);
  }

  /** The run's own file, or what a folder of the transformers library holds. @throws UserError where there is neither */
  readCheckpoint(): Uint8Array {
    const path = this.file('checkpoint');
    return existsSync(path) ? readBytes(path) : readCheckpointFolder(this.path);
  }

  writeSummary(summary: unknown): void {
    this.replace('summary', `${JSON.stringify(summary, null, 2)}\n`);
  }

  /**
   * summary.json, which a run writes when it is finished; undefined where there is none.
   *
   * @throws UserError for one of another format
   */
  readSummary(): Line | undefined {
    const path = this.file('summary');
    if (!existsSync(path)) return undefined;
    const summary = parseObject(readFileSync(path, 'utf8'));
    if (summary === undefined) throw new UserError(`${path} is not JSON.`);
    if (summary['format'] !== SUMMARY_FORMAT) {
      const format = typeof summary['format'] === 'string' ? summary['format'] : 'unknown';
      throw new UserError(`${path} is of format "${format}"; this version reads ${SUMMARY_FORMAT}.`, NEWER_HINT);
    }
    return summary;
  }

  private replace(name: keyof typeof FILES, content: string | Uint8Array): void {
    replaceFile(this.file(name), content);
  }
}

function text(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function parseObject(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** Lines of JSON objects; one that was cut off at the end does not count. @throws UserError for any other line */
export function parseLines(text: string, path: string): Line[] {
  const lines = text.split('\n');
  // What follows the last line break is nothing, or a line that was not written to its end.
  if (parseObject(lines.at(-1) ?? '') === undefined) lines.pop();
  return lines.map((line, i) => {
    const value = parseObject(line);
    if (value === undefined) throw new UserError(`${path}, line ${i + 1} is not a JSON object.`);
    return value;
  });
}
