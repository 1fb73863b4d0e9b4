/** Lets the engine make the data of lesson 3. */
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { BatchViews } from '../../recordings/batch-views';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { WorldDescription } from '../../trainer/protocol/protocol';
import type { LessonEngine, Tell } from '../engine';
import { showTrajectory } from '../scene-data';
import { GROUP_SIZE } from './data';
import type { Group, Sibling, SiblingsData } from './data';

/** Questions that are tried before no group is found to suit. */
const TRIES = 40;

/**
 * One question an update, so that what a step does to a group is of that group alone; each from the first weights, so that
 * no momentum of an earlier step is in it.
 *
 * @param seed another gives other questions
 */
export async function makeSiblings(engine: LessonEngine, seed: number, tell: Tell): Promise<SiblingsData> {
  let mixed: Group | null = null;
  let equal: Group | null = null;
  for (let at = 0; at < TRIES && (mixed === null || equal === null); at++) {
    tell(at, TRIES);
    const runSeed = seed * TRIES + at;
    const seeds = { worldSeed: seed, initSeed: seed, runSeed };
    const small = { size: 'tiny', prompts: 1, groupSize: GROUP_SIZE, evalEvery: 0 } as const;
    const world = await engine.start(configForPreset('process-only', { ...seeds, ...small }));
    const { stored } = await engine.step('actor');
    const rewards = stored.batch.final.rewards;
    const kinds = new Set(rewards).size;
    const right = rewards.filter((reward) => reward > 0).length;
    if (kinds === 1) equal ??= await groupOf(engine, stored, world);
    else if (kinds >= 3 && right >= 3 && right <= 5) mixed ??= await groupOf(engine, stored, world);
  }
  if (mixed === null || equal === null) {
    throw new UserError('No group of these questions suits the lesson.', 'Take another seed.');
  }
  return { mixed, equal };
}

/** The weights are those after the step; what was before it is written in the batch. */
async function groupOf(engine: LessonEngine, stored: StoredBatch, world: WorldDescription): Promise<Group> {
  const views = new BatchViews(stored, world);
  const { batch } = stored;
  const siblings: Sibling[] = [];
  for (const place of stored.rows.keys()) {
    const view = views.at(place);
    const written = views.tokensOf(view, 'draft').filter((token) => token.written);
    const from = place * batch.positions;
    const row = batch.draft.tokens.slice(from, from + batch.positions);
    const { current } = await engine.inspect(row);
    // The engine knows them all; a file that lacked one would be refused.
    const short = (value: number | null | undefined): number => Number((value ?? NaN).toFixed(4));
    siblings.push({
      trajectory: showTrajectory(view.draft),
      advantage: view.advantage ?? 0,
      tokens: written.map(({ text }) => text),
      before: written.map(({ logProb }) => short(logProb)),
      after: written.map(({ position }) => short(current[position])),
    });
  }
  return { question: batch.questions[0] ?? '', answer: views.answerOf(views.at(0)), siblings };
}
