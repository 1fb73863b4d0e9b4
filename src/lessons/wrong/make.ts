/** Lets the engine make the data of lesson 8: it breaks three runs, and cures them. */
import type { RunConfig } from '../../config/schema';
import { configForPreset } from '../../config/schema';
import type { LessonEngine, Tell } from '../engine';
import { columnsOf } from './data';
import type { Columns, Row } from './data';
import { BROKEN_RUNS, BROKEN_UPDATES, configOf, CURED_UPDATES } from './runs';

/** @param seed of worlds and sampling, the same for every run */
export async function makeWrong(engine: LessonEngine, seed: number, tell: Tell): Promise<unknown> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 8, groupSize: 8, evalEvery: 0, evalQuestions: 8 } as const;
  const well = configForPreset('process-only', { ...seeds, ...small });
  const updates = BROKEN_UPDATES + CURED_UPDATES;
  const tellOf = (run: number) => (update: number) => tell(run * updates + update, (1 + BROKEN_RUNS.length) * updates);
  const healthy = await train(engine, well, well, tellOf(0));
  const broken: Record<string, Columns> = {};
  for (const [at, run] of BROKEN_RUNS.entries()) {
    broken[run.failure] = await train(engine, configOf(run, seed, false), configOf(run, seed, true), tellOf(at + 1));
  }
  return { seed, healthy, broken };
}

/** The cure takes over the run as it is, with the weights that it has by then. */
async function train(
  engine: LessonEngine,
  before: RunConfig,
  after: RunConfig,
  tell: (update: number) => void,
): Promise<Columns> {
  const rows: Row[] = [];
  const keep = (row: Row): void => {
    rows.push(row);
    tell(row.update);
  };
  await engine.start(before);
  await engine.play(BROKEN_UPDATES, keep);
  if (after !== before) await engine.configure(after);
  await engine.play(BROKEN_UPDATES + CURED_UPDATES, keep);
  return columnsOf(rows);
}
