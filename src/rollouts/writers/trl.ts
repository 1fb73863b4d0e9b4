/** TRL's table of completions: a column a reward function, which is named after the function. */
import { finite } from '../text/json';
import type { Writer } from '../reading/writer';

/** Numbers that are no reward. */
const OTHERS = [
  ...['step', 'advantage', 'advantages', 'answer', 'solution', 'target', 'ground_truth', 'gold', 'label', 'labels'],
  ...['id', 'index', 'idx', 'uid', 'epoch', 'cut', 'entropy', 'seed', 'num_turns', '__index_level_0__'],
];

/** The columns that reward functions wrote: every number that has no other meaning. */
export function rewardColumns(row: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers = Object.entries(row).flatMap(([key, value]) => {
    const number = OTHERS.includes(key) || /(^|_)id$/.test(key) ? null : finite(value);
    return number === null ? [] : [[key, number] as const];
  });
  return Object.fromEntries(numbers);
}

export const trl: Writer = {
  name: 'TRL',
  keys: ['step', 'prompt', 'completion', 'advantage'],
  // Where the functions are called .._reward, the columns say so themselves.
  mine: (row) => !Object.keys(row).some((key) => /reward|score/i.test(key)),
  rows: (row) => {
    const rewards = rewardColumns(row);
    return [Object.keys(rewards).length > 0 ? { ...row, rewards } : row];
  },
};
