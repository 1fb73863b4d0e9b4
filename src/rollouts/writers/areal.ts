/**
 * AReaL: `rollout/VERSION/TASK.jsonl`. The weights' version at the end of a rollout is its step, the task its group. It counts the
 * words of the model from the end: where results stood between them, as many tokens of its beginning are in the prompt.
 */
import { turnsOf, withoutMarks } from '../reading/turns';
import type { JsonObject } from '../text/json';
import { nameOf, numberOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

/** What templates put in front of the model's words. */
const OPENING = /^\s*(?:<think>)?\s*$/;

export const areal: Writer = {
  name: 'AReaL',
  keys: ['task_id', 'sample_idx', 'head_version', 'tail_version'],
  rows: (row, file) => {
    const folder = /(?:^|\/)(\d+)\/[^/]+$/.exec(file)?.[1];
    const step = numberOf(row['tail_version']) ?? (folder === undefined ? null : Number(folder));
    return [{ ...whole(row), step, group: nameOf(row['task_id']) }];
  },
};

/** As one text where the prompt holds words of the model. */
function whole(row: JsonObject): JsonObject {
  const { prompt, completion } = row;
  if (typeof prompt !== 'string' || typeof completion !== 'string') return row;
  const said = turnsOf(prompt, 'user').find(({ role }) => role === 'assistant');
  if (said === undefined || OPENING.test(withoutMarks(prompt.slice(said.start, said.end)))) return row;
  return { ...without(row, ['prompt', 'completion']), text: prompt + completion };
}
