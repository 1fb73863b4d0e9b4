/** Lets the engine make the data of lesson 1. */
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { BatchViews } from '../../recordings/batch-views';
import type { StepView, TrajectoryView } from '../../recordings/decode-trajectory';
import { keepRows, unreviewed } from '../../recordings/stored-batch';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { WorldDescription } from '../../trainer/protocol/protocol';
import type { LessonEngine } from '../engine';
import { showStep } from '../scene-data';
import type { Choice, OneQuestion } from './data';

/** Tries at another query before a step is found to have too few. */
const TRIES = 16;
const OPTIONS = 3;

/**
 * The first trajectory of a batch that supports every hop of its question, whose first two searches find exactly one rumour, and
 * at whose searches the actor has other ideas too.
 *
 * @param seed another gives another question
 */
export async function makeOneQuestion(engine: LessonEngine, seed: number): Promise<OneQuestion> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const config = configForPreset('search-r2', { ...seeds, size: 'tiny', prompts: 16, groupSize: 4, evalEvery: 0 });
  const world = await engine.start(config);
  const { stored } = await engine.step();
  const views = new BatchViews(stored, world);
  for (const place of stored.rows.keys()) {
    const view = views.at(place);
    const rumourIn = rumourOf(view);
    if (rumourIn === null) continue;
    const first = await choiceAt(engine, stored, world, place, view, 0);
    const second = first && (await choiceAt(engine, stored, world, place, view, 1));
    if (first === null || second === null) continue;
    return {
      question: stored.batch.questions[view.group] ?? '',
      hops: hopsOf(view),
      answer: views.answerOf(view),
      choices: [first, second],
      rumourIn,
      rest: view.draft.steps.slice(2).map(showStep),
      em: view.draft.em ?? 0,
    };
  }
  throw new UserError('No question of this batch suits the lesson.', 'Take another seed.');
}

/** Which of the two searches found the one rumour; null where the trajectory does not suit. */
function rumourOf({ draft: { steps, coverage } }: TrajectoryView): number | null {
  const [first, second] = steps;
  const answer = steps.at(-1);
  if (first?.kind !== 'search' || second?.kind !== 'search' || answer?.kind !== 'answer') return null;
  if (coverage < 1 || !first.useful || !second.useful) return null;
  const rumours = [first, second].flatMap(({ passages }, at) =>
    passages.filter(({ evidence }) => evidence === 'rumour').map(() => at),
  );
  return rumours.length === 1 ? (rumours[0] ?? null) : null;
}

/** Every hop is supported, so there are as many as there are facts that support one. */
function hopsOf({ draft: { steps } }: TrajectoryView): number {
  const supporting = steps.flatMap(({ passages }) => passages.filter(({ evidence }) => evidence === 'new'));
  return new Set(supporting.map(({ sentence }) => sentence)).size;
}

/** The search of a step among others that the actor sends from there; null where it has too few ideas. */
async function choiceAt(
  engine: LessonEngine,
  stored: StoredBatch,
  world: WorldDescription,
  place: number,
  { draft }: TrajectoryView,
  at: number,
): Promise<Choice | null> {
  const taken = draft.steps[at];
  if (taken === undefined) return null;
  const found = new Map<string, StepView>([[taken.text, taken]]);
  const root = keepRows(stored, [place]);
  for (let replicate = 0; replicate < TRIES && found.size < OPTIONS; replicate++) {
    const { side } = await engine.cut(stored, place, at + 1, replicate);
    const other = new BatchViews(unreviewed(root, side), world).at(0).draft.steps[at];
    if (other?.kind === 'search' && !found.has(other.text)) found.set(other.text, other);
  }
  if (found.size < OPTIONS) return null;
  // In the order of the alphabet, so that the place of the taken one tells nothing.
  const options = [...found.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  return { options: options.map(showStep), taken: options.indexOf(taken) };
}
