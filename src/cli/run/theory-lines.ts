import type { Learner } from '../../rl/learning/learner';
import { measureTheory } from '../../rl/measuring/measure-theory';
import { RolloutAborted } from '../../rl/rollout/rollout';
import type { RunFolder } from '../files/run-folder';
import { three } from './run-summary';

export function isTheoryDue({ updates, config: { theoryEvery } }: Learner): boolean {
  return theoryEvery > 0 && updates % theoryEvery === 0;
}

/**
 * Writes the theory line of the learner's present update where `theoryEvery` asks for one and the folder holds none, so that
 * a resumed run measures what an interrupted one left out.
 *
 * @returns whether nothing is left to do; false where it was interrupted
 */
export async function recordTheoryIfDue(
  learner: Learner,
  folder: RunFolder,
  interrupted: () => boolean,
): Promise<boolean> {
  const { updates } = learner;
  if (!isTheoryDue(learner)) return true;
  if (folder.readLines('theory').some(({ update }) => update === updates)) return true;
  try {
    const report = await measureTheory(learner, undefined, interrupted);
    folder.append('theory', report);
    const { gainFresh, gainSweep, cutProgress } = report.meters;
    console.error(
      `update ${updates}: the refiner gains ${three(gainFresh)} (by the sweep ${three(gainSweep)}), its cuts are ${three(cutProgress)} of the way to the best`,
    );
    return true;
  } catch (error) {
    if (error instanceof RolloutAborted) return false;
    throw error;
  }
}
