/** Several completions of one prompt in a row, as samplers and evaluations write them: a rollout each, with its own numbers. */
import { COMPLETION_KEYS, messagesOf } from '../reading/fields';
import { first, isArray, isObject } from '../text/json';
import type { JsonObject } from '../text/json';
import type { Writer } from '../reading/writer';

const LISTS = [
  'completions',
  'responses',
  'outputs',
  'generations',
  'samples',
  'rollouts',
  'completion',
  'output',
  'response',
];
/** What is one value a completion; a list of right answers may be as long by chance. */
const OF_EACH =
  /^(?:(?:\w{1,40}_)?(?:rewards?|scores?|advantages?)|ems?|accs?|accuracy|exact_match|(?:is_)?correct|finish_reasons?|stop_reasons?)$/;
const SINGULAR: Readonly<Record<string, string>> = {
  ...{ rewards: 'reward', scores: 'score', advantages: 'advantage', ems: 'em', accs: 'acc' },
  ...{ finish_reasons: 'finish_reason', stop_reasons: 'stop_reason' },
};

/** Texts, chats or objects with one of these; two at least where the key is that of one completion. */
function completionsIn(row: JsonObject): { key: string; list: readonly unknown[] } | null {
  for (const key of LISTS) {
    const list = row[key];
    if (!isArray(list) || list.length < (key.endsWith('s') ? 1 : 2)) continue;
    const isOne = (one: unknown): boolean => typeof one === 'string' || isChat(one) || ownOf(one) !== undefined;
    if (list.every(isOne)) return { key, list };
  }
  return null;
}

function isChat(value: unknown): boolean {
  return isArray(value) && value.length > 0 && value.every((message) => isObject(message) && 'role' in message);
}

/** The completion within an object of its own; a message of a chat is none. */
function ownOf(one: unknown): unknown {
  if (!isObject(one) || 'role' in one || 'type' in one) return undefined;
  return first(one, [...COMPLETION_KEYS, 'text', 'content']) ?? messagesOf(one);
}

export const several: Writer = {
  name: 'several completions a row',
  keys: [],
  mine: (row) => completionsIn(row) !== null,
  rows: (row) => {
    const found = completionsIn(row);
    if (found === null) return [row];
    const { key: from, list } = found;
    const rest = Object.entries(row).filter(([key]) => key !== from);
    return list.map((one, k): JsonObject => {
      const shared = rest.map(([key, value]): readonly [string, unknown] =>
        isArray(value) && value.length === list.length && OF_EACH.test(key)
          ? [SINGULAR[key] ?? key, value[k]]
          : [key, value],
      );
      const own = isObject(one) ? one : {};
      return { ...Object.fromEntries(shared), ...own, completion: ownOf(one) ?? one };
    });
  },
};
