/** AReaL: `rollout/VERSION/TASK.jsonl`. The weights' version at the end of a rollout is its step, the task its group. */
import { nameOf, numberOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const areal: Writer = {
  name: 'AReaL',
  keys: ['task_id', 'sample_idx', 'head_version', 'tail_version'],
  rows: (row, file) => {
    const folder = /(?:^|\/)(\d+)\/[^/]+$/.exec(file)?.[1];
    const step = numberOf(row['tail_version']) ?? (folder === undefined ? null : Number(folder));
    return [{ ...row, step, group: nameOf(row['task_id']) }];
  },
};
