/** A failure in words: what is seen, and which lesson explains it. */
import type { Failure, FailureId } from '../recordings/diagnosis';
import { WINDOW } from '../recordings/diagnosis';
import type { LessonId } from './ids';
import type { Told } from './lesson';

export const LESSON_OF: Readonly<Record<FailureId, LessonId>> = {
  exploding: 'wrong',
  klRunaway: 'wrong',
  deadGroups: 'siblings',
  entropyCollapse: 'siblings',
  stuffing: 'worth',
  repeatedSearch: 'one-question',
  acceptAll: 'threshold',
  rejectAll: 'threshold',
  sameCut: 'cut',
};

/** Shares of trajectories, drafts or groups: said in percent. */
const SHARES: readonly string[] = ['share', 'unearned', 'cut', 'missed', 'right', 'harmed'];
const COUNTS: readonly string[] = ['step'];

/** Its numbers for the places in its words. */
export function toldOf({ evidence }: Pick<Failure, 'evidence'>): Told {
  const told = Object.entries(evidence).map(([name, value]): [string, string] => {
    if (COUNTS.includes(name)) return [name, String(value)];
    if (SHARES.includes(name)) return [name, `${Math.round(100 * value)} %`];
    return [name, value >= 100 ? value.toExponential(1) : value.toFixed(2)];
  });
  return { ...Object.fromEntries(told), window: WINDOW };
}
