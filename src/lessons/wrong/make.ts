/** Lets the engine make the data of lesson 8: it breaks three runs, and cures them. */
import type { RunConfig } from '../../config/schema';
import type { LessonEngine, Tell } from '../engine';
import { columnsOf } from './data';
import type { Columns, Row } from './data';
import { BROKEN_RUNS, configOf, healthyConfig, updatesOf } from './runs';
import type { Made } from './runs';

/** @param seed of worlds and sampling, the same for every run */
export async function makeWrong(engine: LessonEngine, seed: number, tell: Tell, scale: number): Promise<unknown> {
  const made = { seed, scale };
  const { all } = updatesOf(made);
  const one = (run: number, before: RunConfig, after: RunConfig): Promise<Columns> =>
    train(engine, before, after, made, (update) => tell(run * all + update, (1 + BROKEN_RUNS.length) * all));
  const well = healthyConfig(made);
  const healthy = await one(0, well, well);
  const broken: Record<string, Columns> = {};
  for (const [at, run] of BROKEN_RUNS.entries()) {
    broken[run.failure] = await one(at + 1, configOf(run, made, false), configOf(run, made, true));
  }
  return { ...made, healthy, broken };
}

/** The cure takes over the run as it is, with the weights that it has by then. */
async function train(
  engine: LessonEngine,
  before: RunConfig,
  after: RunConfig,
  made: Made,
  tell: (update: number) => void,
): Promise<Columns> {
  const { broken, all } = updatesOf(made);
  const rows: Row[] = [];
  const keep = (row: Row): void => {
    rows.push(row);
    tell(row.update);
  };
  await engine.start(before);
  await engine.play(broken, keep);
  if (after !== before) await engine.configure(after);
  await engine.play(all, keep);
  return columnsOf(rows);
}
