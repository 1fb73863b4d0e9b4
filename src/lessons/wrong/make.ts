/** Lets the engine make the data of lesson 8: it breaks three runs, and cures them. */
import type { RunConfig } from '../../config/schema';
import { configForPreset } from '../../config/schema';
import type { LessonEngine } from '../engine';
import { columnsOf } from './data';
import type { Columns, Row } from './data';
import { BROKEN_RUNS, BROKEN_UPDATES, configOf, CURED_UPDATES } from './runs';

/** @param seed of worlds and sampling, the same for every run */
export async function makeWrong(engine: LessonEngine, seed: number): Promise<unknown> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 8, groupSize: 8, evalEvery: 0, evalQuestions: 8 } as const;
  const well = configForPreset('process-only', { ...seeds, ...small });
  const healthy = await train(engine, well, well);
  const broken: Record<string, Columns> = {};
  for (const run of BROKEN_RUNS) {
    broken[run.failure] = await train(engine, configOf(run, seed, false), configOf(run, seed, true));
  }
  return { seed, healthy, broken };
}

/** The cure takes over the run as it is, with the weights that it has by then. */
async function train(engine: LessonEngine, before: RunConfig, after: RunConfig): Promise<Columns> {
  const rows: Row[] = [];
  await engine.start(before);
  await engine.play(BROKEN_UPDATES, (row) => rows.push(row));
  if (after !== before) await engine.configure(after);
  await engine.play(BROKEN_UPDATES + CURED_UPDATES, (row) => rows.push(row));
  return columnsOf(rows);
}
