import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../lib/assert';

const FILES = {
  metrics: 'metrics.jsonl',
  timings: 'timings.jsonl',
  evaluations: 'evaluations.jsonl',
  trajectories: 'trajectories.jsonl.gz',
  summary: 'summary.json',
  checkpoint: 'checkpoint.safetensors',
  world: 'world.tsv',
} as const;

type LineFile = 'metrics' | 'timings' | 'evaluations';

/** The folder of one run. Lines are appended; the checkpoint is replaced in one step, so a kill leaves a usable folder. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /** @throws UserError where the folder holds a run already or cannot be written */
  static create(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (existsSync(folder.file('metrics')) || existsSync(folder.file('checkpoint'))) {
      throw new UserError(
        `"${path}" already holds a run.`,
        `Continue it with --resume ${path}, or name another folder with --out.`,
      );
    }
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      throw new UserError(`"${path}" cannot be made a folder: ${error instanceof Error ? error.message : 'unknown'}.`);
    }
    return folder;
  }

  /** @throws UserError where there is no checkpoint to go on from */
  static open(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (!existsSync(folder.file('checkpoint'))) {
      throw new UserError(
        `"${path}" holds no ${FILES.checkpoint}, so there is nothing to resume.`,
        'Start the run with --out first.',
      );
    }
    return folder;
  }

  file(name: keyof typeof FILES): string {
    return join(this.path, FILES[name]);
  }

  append(name: LineFile, value: unknown): void {
    appendFileSync(this.file(name), `${JSON.stringify(value)}\n`);
  }

  /** Gzip members one after the other are one gzip file. */
  appendTrajectories(lines: Iterable<string>): void {
    appendFileSync(this.file('trajectories'), gzipSync(`${[...lines].join('\n')}\n`));
  }

  readLines(name: LineFile): Record<string, unknown>[] {
    const path = this.file(name);
    return existsSync(path) ? parseLines(readFileSync(path, 'utf8')) : [];
  }

  /** Forgets everything after an update: what a run wrote after its last checkpoint, before it was killed. */
  rewind(update: number): void {
    const early = (line: Record<string, unknown>) => Number(line['update']) <= update;
    for (const name of ['metrics', 'timings', 'evaluations'] as const) {
      const lines = this.readLines(name).filter(early);
      writeFileSync(this.file(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
    const path = this.file('trajectories');
    if (!existsSync(path)) return;
    const kept = parseLines(gunzipSync(readFileSync(path)).toString('utf8')).filter(early);
    writeFileSync(path, gzipSync(kept.map((line) => `${JSON.stringify(line)}\n`).join('')));
  }

  writeCheckpoint(bytes: Uint8Array): void {
    const path = this.file('checkpoint');
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  }

  readCheckpoint(): Uint8Array {
    return readFileSync(this.file('checkpoint'));
  }

  writeSummary(summary: unknown): void {
    writeFileSync(this.file('summary'), `${JSON.stringify(summary, null, 2)}\n`);
  }
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
    });
}
