/** The runs of --seeds: what each folder holds and what is left to do there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeedRun, WorldFile } from '../../config/flags';
import { SETTING_KEYS, type RunConfig } from '../../config/schema';
import { requireValidConfig } from '../../config/validate';
import { UserError } from '../../lib/assert';
import { readRunHeader } from '../../formats/checkpoint-header';
import { RunFolder } from '../files/run-folder';
import { areTriesLeft } from './tries-lines';
import { isAsWritten, worldText } from '../../node/families';

export interface PlannedRun extends SeedRun {
  readonly path: string;
  /** Updates that the folder holds; undefined where the run has not begun. */
  readonly done: number | undefined;
  readonly finished: boolean;
}

/**
 * Looks into OUT/seed-N for every seed, before anything runs.
 *
 * @param questions of the last evaluation
 * @throws UserError where a folder holds a run of other settings or of another version
 */
export function planSeeds(
  runs: readonly SeedRun[],
  out: string,
  target: {
    updates: number;
    questions: (config: RunConfig) => number;
    tries: number | undefined;
    worldFile: WorldFile | undefined;
  },
): PlannedRun[] {
  return runs.map((run) => {
    const path = join(out, `seed-${run.seed}`);
    const folder = RunFolder.at(path);
    const summary = folder.readSummary();
    const known = summary === undefined ? readCheckpoint(folder) : readFinished(summary, folder.file('summary'));
    if (known === undefined) return { ...run, path, done: undefined, finished: false };
    requireSame(path, known.config, run.config);
    requireSameWorld(folder, target.worldFile);
    const finished =
      known.asked !== undefined &&
      (known.updates > target.updates ||
        (known.updates === target.updates &&
          known.asked >= target.questions(run.config) &&
          !areTriesLeft(folder, target.tries, known)));
    return { ...run, path, done: known.updates, finished };
  });
}

interface Known {
  config: RunConfig;
  updates: number;
  /** Questions of the last evaluation; undefined where the run is unfinished. */
  asked: number | undefined;
}

function readFinished(summary: Record<string, unknown>, name: string): Known {
  const { config: raw, updates, after } = summary;
  if (typeof raw !== 'object' || raw === null || typeof updates !== 'number') {
    throw new UserError(`${name} does not say what its run was.`);
  }
  const config = requireValidConfig(Object.fromEntries(Object.entries(raw)));
  const asked =
    typeof after === 'object' && after !== null && 'questions' in after
      ? Number(after.questions)
      : config.evalQuestions;
  return { config, updates, asked };
}

function readCheckpoint(folder: RunFolder): Known | undefined {
  const name = folder.file('checkpoint');
  if (!existsSync(name)) return undefined;
  const bytes = folder.readCheckpoint();
  const { config, update } = readRunHeader(bytes, name);
  return { config, updates: update, asked: undefined };
}

function requireSame(path: string, found: RunConfig, wanted: RunConfig): void {
  const other = SETTING_KEYS.filter((key) => found[key] !== wanted[key]);
  if (other.length === 0) return;
  const words = other.slice(0, 4).map((key) => `${key} ${found[key]} instead of ${wanted[key]}`);
  throw new UserError(
    `${path} holds a run of other settings: ${words.join(', ')}${other.length > 4 ? `, ${other.length - 4} more` : ''}.`,
    'Name another folder with --out, or give the settings of that run.',
  );
}

function requireSameWorld(folder: RunFolder, worldFile: WorldFile | undefined): void {
  const copy = folder.file('world');
  const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const wanted = worldFile && (isAsWritten(worldFile) ? text(worldFile.path) : worldText(worldFile));
  if (text(copy) === wanted) return;
  throw new UserError(`${folder.path} holds a run of another world.`, 'Name another folder with --out.');
}
