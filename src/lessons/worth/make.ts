/** Lets the engine make the data of lesson 2. */
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { BatchViews } from '../../recordings/batch-views';
import type { SideView } from '../../recordings/decode-trajectory';
import type { LessonEngine } from '../engine';
import { showTrajectory } from '../scene-data';
import type { Scored, WorthData } from './data';

/** A lucky guess is rare. */
const MOST_UPDATES = 24;

interface Kind {
  em: 0 | 1;
  /** Whether so many useful searches of so many are wanted. */
  suits: (useful: number, searches: number) => boolean;
}
const KINDS: Readonly<Record<keyof WorthData, Kind>> = {
  right: { em: 1, suits: (useful, searches) => searches === 3 && useful === 2 },
  lucky: { em: 1, suits: (useful, searches) => searches > 0 && useful === 0 },
  wrong: { em: 0, suits: (useful, searches) => searches === 3 && useful === 2 },
};

/**
 * The first trajectory of each kind that a young actor writes, of three different questions.
 *
 * @param seed another gives other questions
 */
export async function makeWorth(engine: LessonEngine, seed: number): Promise<WorthData> {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 24, groupSize: 8, evalEvery: 0 } as const;
  const world = await engine.start(configForPreset('process-only', { ...seeds, ...small }));
  const found: Partial<Record<keyof WorthData, Scored>> = {};
  for (let update = 0; update < MOST_UPDATES; update++) {
    const { stored } = await engine.step();
    const views = new BatchViews(stored, world);
    for (const place of stored.rows.keys()) {
      const view = views.at(place);
      const question = stored.batch.questions[view.group] ?? '';
      for (const [name, kind] of [
        ['right', KINDS.right],
        ['lucky', KINDS.lucky],
        ['wrong', KINDS.wrong],
      ] as const) {
        const taken = Object.values(found).some((other) => other.question === question);
        if (found[name] !== undefined || taken || !isOf(kind, view.draft)) continue;
        found[name] = { question, answer: views.answerOf(view), trajectory: showTrajectory(view.draft) };
      }
    }
    const { right, lucky, wrong } = found;
    if (right && lucky && wrong) return { right, lucky, wrong };
  }
  throw new UserError('No trajectories of these updates suit the lesson.', 'Take another seed.');
}

function isOf({ em, suits }: Kind, side: SideView): boolean {
  const searches = side.steps.filter(({ kind }) => kind === 'search');
  const whole = side.steps.at(-1)?.kind === 'answer' && side.endReason === null;
  return whole && side.em === em && suits(searches.filter(({ useful }) => useful).length, searches.length);
}
