/**
 * AReaL: `rollout/VERSION/TASK.jsonl`. The weights' version at the end of a rollout is its step, the task its group. It counts the
 * words of the model from the end: where results stood between them, as many tokens of its beginning are in the prompt.
 */
import { turnsOf, withoutMarks } from '../reading/turns';
import { tagsIn } from '../text/tags';
import type { JsonObject } from '../text/json';
import { nameOf, numberOf } from '../reading/writer';
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

/** With the words of the model that the prompt holds: in its turn, or in tags behind the question. */
function whole(row: JsonObject): JsonObject {
  const { prompt, completion } = row;
  if (typeof prompt !== 'string' || typeof completion !== 'string') return row;
  const turns = turnsOf(prompt, 'user');
  const said = turns.find(({ role }) => role === 'assistant');
  const asked = turns.length > 1 ? -1 : prompt.indexOf('\n', prompt.lastIndexOf('Question:'));
  const at = said?.start ?? (asked < 0 ? null : tagsBehind(prompt, asked));
  if (at === null || OPENING.test(withoutMarks(prompt.slice(at)))) return row;
  return { ...row, prompt: prompt.slice(0, at), completion: prompt.slice(at) + completion };
}

function tagsBehind(prompt: string, from: number): number | null {
  const [first] = prompt.includes('Question:') ? tagsIn(prompt.slice(from)) : [];
  return first === undefined ? null : from + first.start;
}
