/** Chats as applications and loggers export them: requests with their responses, ChatGPT, Google's ADK, pairs of preferences. */
import { continuing } from '../reading/continuing';
import { first, isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

export function objectIn(value: unknown): JsonObject | null {
  const given = typeof value === 'string' && value.startsWith('{') ? parsed(value) : value;
  return isObject(given) ? given : null;
}

/** Messages, or a chat within an object. */
export function chatIn(value: unknown): unknown {
  const given = typeof value === 'string' && /^[[{]/.test(value) ? parsed(value) : value;
  return isObject(given) ? first(given, ['messages', 'contents', 'input', 'prompt']) : given;
}

/** What came back: Anthropic's message, Gemini's candidates, Ollama's message, or a message as it is. */
function saidIn(value: unknown): readonly unknown[] | null {
  const given = objectIn(value);
  if (given === null) return null;
  const [candidate] = listOf(given['candidates']);
  if (isObject(candidate) && isObject(candidate['content'])) return [candidate['content']];
  if (isObject(given['message']) && 'content' in given['message']) return [given['message']];
  const isMessage = given['role'] === 'assistant' || (isArray(given['content']) && 'stop_reason' in given);
  return isMessage ? [{ role: 'assistant', ...given }] : null;
}

const SIDES = [
  ['request', 'response'],
  ['input', 'output'],
] as const;

function sidesOf(row: JsonObject): { keys: readonly string[]; prompt: unknown; said: readonly unknown[] } | null {
  for (const keys of SIDES) {
    const prompt = objectIn(row[keys[0]]) === null && keys[0] === 'request' ? undefined : chatIn(row[keys[0]]);
    const said = saidIn(row[keys[1]]);
    if (prompt !== undefined && prompt !== null && said !== null) return { keys, prompt, said };
  }
  return null;
}

export const exchange: Writer = {
  name: 'requests and responses',
  keys: [],
  mine: (row) => ('request' in row || 'input' in row) && sidesOf(row) !== null,
  rows: (row) => {
    const found = sidesOf(row);
    return [
      found === null ? row : continuing({ ...without(row, found.keys), prompt: found.prompt, completion: found.said }),
    ];
  },
};

/** ChatGPT's export: a tree of nodes, of which the current one ends the conversation. */
export const chatGpt: Writer = {
  name: 'ChatGPT’s export',
  keys: ['mapping'],
  mine: ({ mapping }) => isObject(mapping),
  rows: (row) => {
    const nodes = objectOf(row['mapping']);
    const messages: JsonObject[] = [];
    const seen = new Set<string>();
    let at = text(row['current_node']) ?? Object.keys(nodes).at(-1) ?? null;
    while (at !== null && !seen.has(at)) {
      seen.add(at);
      const node = objectOf(nodes[at]);
      messages.unshift(...chatGptTurn(objectOf(node['message'])));
      at = text(node['parent']);
    }
    return [{ ...without(row, ['mapping', 'current_node']), messages }];
  },
};

function chatGptTurn({ author, content, recipient }: JsonObject): JsonObject[] {
  const { parts, text: code, thoughts } = objectOf(content);
  const role = text(objectOf(author)['role']);
  if (role === null || role === 'system') return [];
  const said =
    text(code) ??
    listOf(parts)
      .map((part) => text(part) ?? '')
      .join('');
  const thought = listOf(thoughts)
    .map((one) => text(objectOf(one)['content']) ?? '')
    .join('\n');
  if (role === 'assistant' && typeof recipient === 'string' && recipient !== 'all') {
    const isCall = said.startsWith('{') || !said.includes('(');
    if (!isCall) return [{ role, content: `<tool_call>${said}</tool_call>` }];
    return [{ role, content: '', tool_calls: [{ function: { name: recipient, arguments: said } }] }];
  }
  return [{ role, content: said, ...(thought === '' ? {} : { reasoning_content: thought }) }];
}

/** Google's ADK: events, each of an author, with Gemini's content. */
export const adk: Writer = {
  name: 'Google’s ADK',
  keys: ['events'],
  mine: ({ events }) => listOf(events).some((event) => isArray(objectOf(objectOf(event)['content'])['parts'])),
  rows: (row) => [
    {
      ...without(row, ['events']),
      messages: listOf(row['events'])
        .map((event) => objectOf(objectOf(event)['content']))
        .filter((content) => isArray(content['parts'])),
    },
  ],
};

/** What was chosen and what was rejected: two rollouts of one prompt. */
export const preferences: Writer = {
  name: 'pairs of preferences',
  keys: ['chosen', 'rejected'],
  rows: ({ chosen, rejected, ...rest }) => {
    const bare = !('prompt' in rest || 'question' in rest || 'instruction' in rest);
    const side = (value: unknown): JsonObject =>
      typeof value === 'string' && bare
        ? { ...rest, text: value }
        : isArray(value) && bare
          ? { ...rest, messages: value }
          : { ...rest, completion: value };
    return [side(chosen), side(rejected)];
  },
};
