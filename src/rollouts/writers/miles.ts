/** miles (and slime): `trajectory/N.jsonl`, N being the rollout's number. */
import { nameOf, stepInName } from './writer';
import type { Writer } from './writer';

export const miles: Writer = {
  name: 'miles',
  keys: ['sample_index', 'group_index', 'reward'],
  rows: (row, file) => {
    const step = row['step'] ?? row['rollout_id'] ?? stepInName(file);
    return [{ ...row, group: nameOf(row['group_index']), ...(step === null ? {} : { step }) }];
  },
};
