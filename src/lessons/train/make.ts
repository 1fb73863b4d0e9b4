/** Lets the engine make the data of lesson 6: it trains twice. */
import type { PresetId } from '../../config/schema';
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import type { EvaluationResult } from '../../trainer/protocol/protocol';
import type { LessonEngine, Tell } from '../engine';
import type { Curve, TrainData } from './data';

const UPDATES = 40;
/** Updates between two evaluations: so many points has the curve that is drawn. */
const EVERY = 8;
const QUESTIONS = 512;

/** @param seed of the worlds, the questions and the sampling, the same for both runs */
export async function makeTrain(engine: LessonEngine, seed: number, tell: Tell): Promise<TrainData> {
  const both = 2 * UPDATES;
  const withRefiner = await trainOne(engine, 'search-r2', seed, (update) => tell(update, both));
  const alone = await trainOne(engine, 'search-r1', seed, (update) => tell(UPDATES + update, both));
  return {
    updates: withRefiner.map(({ update }) => update),
    questions: QUESTIONS,
    searchR2: curveOf(withRefiner, true),
    searchR1: curveOf(alone, false),
  };
}

async function trainOne(
  engine: LessonEngine,
  preset: PresetId,
  seed: number,
  tell: (update: number) => void,
): Promise<EvaluationResult[]> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const asked = { evalEvery: EVERY, evalQuestions: QUESTIONS };
  await engine.start(configForPreset(preset, { ...seeds, ...asked, size: 'tiny', prompts: 12, groupSize: 8 }));
  const results = [await engine.evaluation()];
  const stop = engine.watchEvaluations((result) => results.push(result));
  await engine.play(UPDATES, ({ update }) => tell(update)).finally(stop);
  return results;
}

function curveOf(results: readonly EvaluationResult[], refines: boolean): Curve {
  const numbers = (key: string): number[] =>
    results.map(({ update, metrics }) => {
      const value = metrics[key];
      if (typeof value !== 'number') throw new UserError(`The evaluation of update ${update} has no ${key}.`);
      return value;
    });
  return {
    actor: numbers('emSampled'),
    refined: refines ? numbers('emSampledRefined') : [],
    closedBook: numbers('emClosedBook'),
  };
}
