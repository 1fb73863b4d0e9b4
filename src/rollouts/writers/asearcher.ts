/**
 * ASearcher: a rollout as the records of its agent, `history` of its evaluation and `memory` of its training
 * (`VERSION/QUESTION.jsonl`). What the model wrote has its calls as tags.
 */
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { known, listOf, numberOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

const isRecord = (entry: unknown): boolean =>
  isObject(entry) && typeof entry['type'] === 'string' && !('role' in entry);
const isRecords = (value: unknown): boolean => isArray(value) && value.length > 1 && value.every(isRecord);
const recordsIn = (value: unknown): unknown => (isObject(value) ? value['memory'] : value);

export const asearcherEvaluation: Writer = {
  name: 'ASearcher',
  keys: ['history'],
  mine: ({ history }) => isRecords(history),
  rows: (row) => [{ ...without(row, ['history', 'prompt', 'agent_memory']), ...chatOf(listOf(row['history'])) }],
};

export const asearcherTraining: Writer = {
  name: 'ASearcher’s training',
  keys: ['memory', 'reward'],
  mine: ({ memory }) => isRecords(recordsIn(memory)),
  rows: ({ memory, ...rest }, file) => {
    const [, version, task] = /(?:^|\/)(\d+)\/([^/]+)\.jsonl$/.exec(file) ?? [];
    return [
      {
        ...rest,
        ...known({ step: version === undefined ? null : numberOf(version), group: task }),
        ...chatOf(listOf(recordsIn(memory))),
      },
    ];
  },
};

function chatOf(records: readonly unknown[]): JsonObject {
  return {
    messages: records.filter(isObject).map((record) => {
      const type = text(record['type']) ?? '';
      const role = type === 'prompt' ? 'user' : /^(?:llm|act)/.test(type) ? 'assistant' : 'tool';
      return { role, content: record['text'] ?? record['info_str'] ?? record['documents'] ?? record['page'] ?? '' };
    }),
  };
}
