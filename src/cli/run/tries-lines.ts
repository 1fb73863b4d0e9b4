import type { Learner } from '../../rl/learning/learner';
import { measureTries } from '../../rl/measuring/measure-tries';
import { RolloutAborted } from '../../rl/rollout/rollout';
import type { RunFolder } from '../files/run-folder';
import { three } from './run-summary';

/** Whether the folder lacks a line of `tries` tries after as many updates and about as many questions. */
export function areTriesLeft(
  folder: RunFolder,
  tries: number | undefined,
  { updates, asked = 0 }: { updates: number; asked: number | undefined },
): boolean {
  if (tries === undefined) return false;
  return !folder.readLines('tries').some((line) => {
    return line['update'] === updates && Number(line['tries']) >= tries && Number(line['questions']) >= asked;
  });
}

/**
 * Writes what several tries of the learner's questions are worth, where the folder does not say it.
 *
 * @returns whether nothing is left to do; false where it was interrupted
 */
export async function recordTries(
  learner: Learner,
  folder: RunFolder,
  tries: number,
  questions: number,
  interrupted: () => boolean,
): Promise<boolean> {
  if (!areTriesLeft(folder, tries, { updates: learner.updates, asked: questions })) return true;
  try {
    const report = await measureTries(learner, tries, questions, interrupted);
    folder.append('tries', report);
    const em = (rule: string) => report.lines.find((line) => line.rule === rule && line.tries === tries)?.em;
    console.error(
      `update ${learner.updates}: ${tries} tries, EM by vote ${three(em('vote'))}, the refiner's choice ${three(em('best'))}, any ${three(em('any'))}`,
    );
    return true;
  } catch (error) {
    if (error instanceof RolloutAborted) return false;
    throw error;
  }
}
