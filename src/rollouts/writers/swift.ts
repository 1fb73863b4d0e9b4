/** ms-swift: one line a logging step, whose columns are lists with one entry a completion. */
import { isArray } from '../text/json';
import { rewardColumns } from './trl';
import { numberOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const swift: Writer = {
  name: 'ms-swift',
  keys: ['prompt', 'completion'],
  mine: ({ prompt, completion }) =>
    isArray(completion) &&
    isArray(prompt) &&
    completion.length === prompt.length &&
    completion.every((entry) => typeof entry === 'string' || isArray(entry)),
  rows: (line) => {
    const count = isArray(line['completion']) ? line['completion'].length : 0;
    // Rewards stand in front of the advantages, what else was logged (`num_turns`) behind them.
    const keys = Object.keys(line);
    const behind = keys.indexOf('advantages') < 0 ? [] : keys.slice(keys.indexOf('advantages'));
    return Array.from({ length: count }, (_, k) => {
      const row = Object.fromEntries(
        Object.entries(line).map(([key, column]) => [
          key,
          isArray(column) && column.length === count ? (column[k] ?? null) : column,
        ]),
      );
      const rewards = rewardColumns(without(row, behind));
      return { ...row, step: numberOf(row['step']), ...(Object.keys(rewards).length > 0 ? { rewards } : {}) };
    });
  },
};
