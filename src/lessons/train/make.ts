/** Lets the engine make the data of lesson 6: it trains twice. */
import type { PresetId } from '../../config/schema';
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import type { EvaluationResult } from '../../trainer/protocol/protocol';
import type { LessonEngine, Tell } from '../engine';
import type { Curve, TrainData } from './data';

/** So many points has the curve that is drawn. */
const POINTS = 5;
/** Updates between two of them. */
const EVERY = 8;
const QUESTIONS = 512;

interface Size {
  every: number;
  questions: number;
  updates: number;
}

/** @param seed of the worlds, the questions and the sampling, the same for both runs */
export async function makeTrain(engine: LessonEngine, seed: number, tell: Tell, scale: number): Promise<TrainData> {
  const every = Math.max(1, Math.round(scale * EVERY));
  const size = { every, questions: Math.round(scale * QUESTIONS), updates: POINTS * every };
  const both = 2 * size.updates;
  const withRefiner = await trainOne(engine, 'search-r2', seed, size, (update) => tell(update, both));
  const alone = await trainOne(engine, 'search-r1', seed, size, (update) => tell(size.updates + update, both));
  return {
    updates: withRefiner.map(({ update }) => update),
    questions: size.questions,
    searchR2: curveOf(withRefiner, true),
    searchR1: curveOf(alone, false),
  };
}

async function trainOne(
  engine: LessonEngine,
  preset: PresetId,
  seed: number,
  { every, questions, updates }: Size,
  tell: (update: number) => void,
): Promise<EvaluationResult[]> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const asked = { evalEvery: every, evalQuestions: questions };
  await engine.start(configForPreset(preset, { ...seeds, ...asked, size: 'tiny', prompts: 12, groupSize: 8 }));
  const results = [await engine.evaluation()];
  const stop = engine.watchEvaluations((result) => results.push(result));
  await engine.play(updates, ({ update }) => tell(update)).finally(stop);
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
