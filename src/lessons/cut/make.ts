/** Lets the engine make the data of lesson 4. */
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { BatchViews } from '../../recordings/batch-views';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { CutSweep, WorldDescription } from '../../trainer/protocol/protocol';
import type { LessonEngine, Tell } from '../engine';
import { showTrajectory } from '../scene-data';
import { DRAFTS } from './data';
import type { CutDraft } from './data';
import { pickDrafts } from './pick';

/** So that the refiner is a trained one. */
const UPDATES = 40;
/** Regenerations of each cut. */
export const REPLICATES = 16;

/** What the file of the lesson holds (`readCut`). */
interface CutFile {
  update: number;
  drafts: (Omit<CutDraft, 'rewards'> & { cuts: { rewards: number[] }[] })[];
}

/** @param seed another gives other questions */
export async function makeCut(engine: LessonEngine, seed: number, tell: Tell): Promise<CutFile> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 24, groupSize: 4, evalEvery: 0, evalQuestions: 8 } as const;
  const world = await engine.start(configForPreset('search-r2', { ...seeds, ...small }));
  await engine.play(UPDATES, ({ update }) => tell(update, UPDATES));
  const { stored } = await engine.step();
  return makeCutOf(stored, world, tell, (place) => engine.sweep(stored, place, REPLICATES));
}

/**
 * Of a batch that there is.
 *
 * @param sweep regenerates every cut of the draft in a place
 */
export async function makeCutOf(
  stored: StoredBatch,
  world: WorldDescription,
  tell: Tell,
  sweep: (place: number) => Promise<CutSweep>,
): Promise<CutFile> {
  const views = new BatchViews(stored, world);
  const places = pickDrafts(views);
  if (places.length < DRAFTS) {
    throw new UserError(
      `Only ${places.length} drafts of this update were reviewed and have three steps and an answer; ten are needed.`,
      'Take the newest update, or a run with more questions or a larger group.',
    );
  }
  const file: CutFile = { update: stored.batch.update, drafts: [] };
  for (const place of places) {
    const view = views.at(place);
    const { rewards, replicates } = await sweep(place);
    const cuts = view.draft.steps.map((_, k) => {
      const own = Array.from(rewards.subarray(k * replicates, (k + 1) * replicates));
      // Of single precision: more digits say nothing.
      return { rewards: own.map((reward) => Number(reward.toFixed(4))) };
    });
    const question = stored.batch.questions[view.group] ?? '';
    const draft = showTrajectory(view.draft);
    tell(file.drafts.length + 1, DRAFTS);
    file.drafts.push({ question, answer: views.answerOf(view), draft, refiner: view.cut, cuts });
  }
  return file;
}
