/** What OpenAI's interfaces answer, kept with its request or without: Responses items, or the choices of a chat. */
import { continuing } from '../reading/continuing';
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { responseItems } from './chat';
import { listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

const ITEM =
  /^(?:message|reasoning|web_search_preview_call|(?:\w{1,40}_)?call(?:_output)?|mcp_list_tools|item_reference)$/;
/** Where people keep them, besides `output`. */
const ITEM_KEYS = ['output', 'items', 'messages', 'input_list', 'new_items', 'trajectory', 'history', 'completion'];
const isItems = (value: unknown): boolean =>
  isArray(value) &&
  value.length > 0 &&
  value.every(
    (item) => isObject(item) && ITEM.test(text(item['type']) ?? (typeof item['role'] === 'string' ? 'message' : '')),
  );
/** A chat has no items of a type; where it may be one, a message says nothing. */
const isTyped = (value: unknown, key: string): boolean =>
  isItems(value) &&
  listOf(value).some((item) => {
    const { type } = objectOf(item);
    return typeof type === 'string' && (key === 'output' || type !== 'message');
  });

function itemsIn(row: JsonObject): { key: string; items: unknown } | null {
  const key = ITEM_KEYS.find((one) => isTyped(row[one], one));
  if (key !== undefined) return { key, items: row[key] };
  const inner = isObject(row['response']) ? row['response']['output'] : undefined;
  return isTyped(inner, 'output') ? { key: 'response', items: inner } : null;
}

export const responses: Writer = {
  name: 'OpenAI’s Responses',
  keys: [],
  mine: (row) => itemsIn(row) !== null,
  rows: (row) => {
    const found = itemsIn(row);
    const asked = row['input'] ?? objectOf(row['request'])['input'];
    const rest = without(row, ['output', 'response', 'request', 'input', found?.key ?? '']);
    const [prompt, completion] = [responseItems(asked), responseItems(found?.items)];
    return [prompt.length > 0 ? continuing({ ...rest, prompt, completion }) : { ...rest, messages: completion }];
  },
};

/** Their messages. */
function choicesIn(row: JsonObject): JsonObject[] {
  const response = objectOf(row['response']);
  const choices = row['choices'] ?? response['choices'] ?? objectOf(response['body'])['choices'];
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
    return choicesIn(row).map((message) =>
      continuing({ ...rest, ...(asked === undefined ? {} : { prompt: asked }), completion: [message] }),
    );
  },
};

/** The state of a run of OpenAI's Agents SDK: what was asked, and an item for all that came of it. */
export const runState: Writer = {
  name: 'OpenAI Agents',
  keys: ['original_input', 'generated_items'],
  rows: ({ original_input: input, generated_items: items }) => [
    { input, output: listOf(items).map((item) => objectOf(item)['raw_item']) },
  ],
};
