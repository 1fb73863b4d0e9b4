/** Lets the engine make the data of lesson 5. */
import { configForPreset } from '../../config/schema';
import { REVIEW_CHOICES } from '../../recordings/decode-trajectory';
import type { LessonEngine, Tell } from '../engine';
import type { Reviewed, ThresholdData } from './data';
import { bestCut } from './outcome';

/** So that the refiner is a trained one. */
const UPDATES = 40;
const REPLICATES = 8;

/** @param seed another gives other questions */
export async function makeThreshold(engine: LessonEngine, seed: number, tell: Tell): Promise<ThresholdData> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 24, groupSize: 4, evalEvery: 0 } as const;
  await engine.start(configForPreset('search-r2', { ...seeds, ...small }));
  await engine.play(UPDATES, ({ update }) => tell(update, UPDATES));
  const { stored } = await engine.step();
  const { batch } = stored;
  const drafts: Reviewed[] = [];
  for (const place of stored.rows.keys()) {
    const steps = batch.draft.stepCounts[place] ?? 0;
    const logProbs = batch.reviewLogProbs.subarray(place * REVIEW_CHOICES, place * REVIEW_CHOICES + steps + 1);
    // A thousandth is more than the picture shows.
    const review = Array.from(logProbs, (logProb) => Number(logProb.toFixed(3)));
    const { em, replicates } = await engine.sweep(stored, place, REPLICATES);
    const from = (bestCut(review) - 1) * replicates;
    const rightAfter = em.subarray(from, from + replicates).filter((right) => right > 0).length;
    tell(place + 1, stored.rows.length);
    drafts.push({ right: (batch.draft.em[place] ?? 0) > 0, review, rightAfter });
  }
  return { update: batch.update, replicates: REPLICATES, drafts };
}
