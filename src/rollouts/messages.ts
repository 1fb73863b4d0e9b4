/** Chat messages as events: tool calls (TRL, verl, OpenAI's shape), tool results, and tags within what was said. */
import { callQuery, textEvents } from './events';
import type { RolloutEvent } from './events';
import { isArray, isObject } from './json';
import type { JsonObject } from './json';

export type Message = JsonObject & { readonly role: string };

export function isMessages(value: unknown): value is readonly Message[] {
  return isArray(value) && value.length > 0 && value.every((entry) => isObject(entry) && roleOf(entry) !== null);
}

/** ShareGPT writes `from`: human, gpt. */
export function roleOf(message: JsonObject): string | null {
  const role = message['role'] ?? message['from'];
  if (typeof role !== 'string') return null;
  return { human: 'user', gpt: 'assistant', function: 'tool', observation: 'tool' }[role] ?? role;
}

/** Content as text: a string, or parts of which those of text count. */
export function contentOf(message: JsonObject): string {
  const content = message['content'] ?? message['value'];
  if (typeof content === 'string') return content;
  if (!isArray(content)) return content === undefined || content === null ? '' : JSON.stringify(content);
  return content.map((part) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('');
}

/** @param messages from the first one that the model wrote on */
export function messageEvents(messages: readonly Message[]): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  let offset = 0;
  messages.forEach((message, place) => {
    const said = contentOf(message);
    const role = roleOf(message);
    const span = { start: offset, end: offset + said.length, closed: true };
    if (role === 'assistant') {
      const thought = message['reasoning_content'] ?? message['reasoning'] ?? message['thinking'];
      if (typeof thought === 'string' && thought.trim() !== '') {
        events.push({ kind: 'think', text: thought.trim(), ...span });
      }
      const spoken = textEvents(said, offset);
      const calls = isArray(message['tool_calls']) ? message['tool_calls'] : [];
      // What the last message says in plain words is the answer, unless it calls a tool or says so itself.
      const last = messages.slice(place + 1).every((later) => roleOf(later) !== 'assistant');
      const plain = last && calls.length === 0 && spoken.every(({ kind }) => kind === 'think');
      const answer = plain ? spoken.at(-1) : undefined;
      const outside = answer !== undefined && !/^<(think|thinking|reasoning)>/.test(said.slice(answer.start - offset));
      events.push(...(answer && outside ? [...spoken.slice(0, -1), { ...answer, kind: 'answer' as const }] : spoken));
      for (const call of calls) events.push({ kind: 'search', text: callQuery(call), ...span });
    } else if (role !== 'system') {
      const inside = textEvents(said, offset).filter(({ kind }) => kind === 'information');
      // Some put results into a user's turn.
      if (inside.length > 0) events.push(...inside);
      else if (role === 'tool' || said.trim() !== '') {
        events.push({ kind: 'information', text: said, ...span, content: message['content'] });
      }
    }
    offset += said.length;
  });
  return events;
}
