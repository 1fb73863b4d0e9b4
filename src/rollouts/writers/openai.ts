/** What OpenAI's interfaces answer, kept with its request or without: Responses items, or the choices of a chat. */
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { responseItems } from './chat';
import { listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

const ITEMS = ['message', 'reasoning', 'function_call', 'function_call_output', 'web_search_call', 'file_search_call'];
const isItems = (value: unknown): boolean =>
  isArray(value) &&
  value.length > 0 &&
  value.every(
    (item) =>
      isObject(item) && ITEMS.includes(text(item['type']) ?? (typeof item['role'] === 'string' ? 'message' : '')),
  );

function itemsIn(row: JsonObject): unknown {
  const { output } = row;
  const inner = isObject(row['response']) ? row['response']['output'] : undefined;
  return isItems(output) && listOf(output).some((item) => objectOf(item)['type'] !== undefined) ? output : inner;
}

export const responses: Writer = {
  name: 'OpenAI’s Responses',
  keys: [],
  mine: (row) => isItems(itemsIn(row)),
  rows: (row) => {
    const asked = row['input'] ?? objectOf(row['request'])['input'];
    const rest = without(row, ['output', 'response', 'request', 'input']);
    return [{ ...rest, messages: [...responseItems(asked), ...responseItems(itemsIn(row))] }];
  },
};

/** Their messages. */
function choicesIn(row: JsonObject): JsonObject[] {
  const choices = row['choices'] ?? objectOf(row['response'])['choices'];
  return listOf(choices).flatMap((choice) => {
    const { message, text: said } = objectOf(choice);
    return isObject(message) ? [message] : typeof said === 'string' ? [{ role: 'assistant', content: said }] : [];
  });
}

export const choices: Writer = {
  name: 'OpenAI’s chat completions',
  keys: [],
  mine: (row) => choicesIn(row).length > 0,
  rows: (row) => {
    const asked = row['messages'] ?? objectOf(row['request'])['messages'];
    const rest = without(row, ['choices', 'response', 'request', 'messages']);
    return choicesIn(row).map((message) => ({
      ...rest,
      ...(asked === undefined ? {} : { prompt: asked }),
      completion: [message],
    }));
  },
};
