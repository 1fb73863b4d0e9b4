/** Chat messages as events: tool calls in the shapes of OpenAI, Anthropic and others, results, and tags within what was said. */
import { askedOf, calledName } from './calls';
import { callEvents, environmentEvents, textEvents } from './events';
import type { RolloutEvent } from './events';
import { callIn, expandedParts, ID_KEYS, isResult, partsIn, partsKey, resultIn, saidIn, thoughtIn } from './parts';
import { first, isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { readLiteral } from '../text/literal';
import { roleNamed } from './turns';
import type { Role } from './turns';

export type Message = JsonObject & { readonly role: string };

export function isMessages(value: unknown): value is readonly Message[] {
  return isArray(value) && value.length > 0 && value.every((entry) => isObject(entry) && roleOf(entry) !== null);
}

/** LangChain's `type`, where a message has no role. */
const TYPES = ['human', 'ai', 'tool', 'system'];

/** ShareGPT writes `from`. Roles of no known name are the environment's. */
export function roleOf(message: JsonObject): Role | null {
  const { type, author } = message;
  const role =
    message['role'] ??
    message['from'] ??
    message['source'] ??
    message['sender'] ??
    (isObject(author) ? author['role'] : undefined) ??
    (typeof type === 'string' && TYPES.includes(type) && 'content' in message ? type : undefined);
  return typeof role !== 'string' ? null : (roleNamed(role) ?? 'tool');
}

/** Content as text: a string, or parts of which those of text count. */
export function contentOf(message: JsonObject): string {
  const content = message['content'] ?? message['value'] ?? message['message'] ?? partsKey(message);
  if (typeof content === 'string') return content;
  if (!isArray(content)) return content === undefined || content === null ? '' : JSON.stringify(content);
  return content.map((part) => (typeof part === 'string' ? part : isObject(part) ? saidIn(part) : '')).join('');
}

const THOUGHT_KEYS = ['reasoning_content', 'reasoning', 'thinking', 'thought'];

/** @param messages from the first one that the model wrote on */
export function messageEvents(messages: readonly Message[]): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  let offset = 0;
  for (const message of ofModel(messages.flatMap(partedMessage))) {
    const said = contentOf(message);
    const role = roleOf(message);
    const span = { start: offset, end: offset + said.length, closed: true };
    if (role === 'assistant') {
      for (const thought of thoughtsOf(message)) events.push({ kind: 'think', text: thought.trim(), ...span });
      const calls = callsOf(message, said);
      if (!calls.some(({ said: whole }) => whole)) events.push(...textEvents(said, offset));
      for (const { asked, id, name } of calls) events.push(...callEvents([askedOf(asked, name)], span, true, id));
    } else if (role !== null) {
      const results = resultsIn(message);
      if (results.length > 0) {
        for (const { id, content } of results) {
          const found = { kind: 'information', text: textOf(content), content, given: 'results' } as const;
          events.push({ ...found, ...span, ...(id === null ? {} : { call: id }) });
        }
      } else {
        const id = text(first(message, RESULT_IDS) ?? first(besideOf(message), RESULT_IDS));
        const found = environmentEvents(
          said,
          role,
          offset,
          isArray(message['content']) ? partsOf(message) : message['content'],
        );
        for (const event of found) events.push(id === null ? event : { ...event, call: id });
      }
    }
    offset += said.length;
  }
  return events;
}

/** Without what a simulated user's own tools brought (tau2): nothing that the model found. */
function ofModel(messages: readonly Message[]): readonly Message[] {
  const callsTools = (message: Message): boolean => roleOf(message) === 'user' && isArray(message['tool_calls']);
  if (!messages.some(callsTools)) return messages;
  const ofUser = new Set<string>();
  return messages.filter((message) => {
    const role = roleOf(message);
    if (role === 'tool') return !ofUser.has(text(first(message, [...RESULT_IDS, 'id'])) ?? '');
    const ids = callsOf(message, '').map(({ id }) => id ?? '');
    for (const id of ids) {
      if (role === 'user') ofUser.add(id);
      else ofUser.delete(id);
    }
    return true;
  });
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : contentOf({ content });
}

/** Parts of text are one text; documents in parts are documents. */
function partsOf(message: JsonObject): unknown {
  const content = message['content'];
  const isText = (part: unknown): boolean => typeof part === 'string' || (isObject(part) && part['type'] === 'text');
  return isArray(content) && content.every(isText) ? contentOf(message) : content;
}

export function thoughtsOf(message: JsonObject): string[] {
  const beside = text(first(message, THOUGHT_KEYS));
  const within = partsIn(message).map(thoughtIn);
  return [beside, ...within].filter((thought) => thought !== null).filter((thought) => thought.trim() !== '');
}

export interface Call {
  asked: unknown;
  id: string | null;
  /** Of the tool. */
  name: string | null;
  /** Whether it is all that the message says. */
  said?: boolean;
}

/** `tool_calls` as a list, as JSON text, or of JSON texts; `function_call`; parts of Anthropic's; ShareGPT's `function_call`. */
export function callsOf(message: JsonObject, said: string): Call[] {
  const given = unpacked(message['tool_calls'] ?? besideOf(message)['tool_calls']);
  const calls = isArray(given) ? given.map(unpacked) : [];
  const single = unpacked(message['function_call'] ?? besideOf(message)['function_call']);
  const used = partsIn(message).flatMap(callIn);
  const named = message['role'] ?? message['from'];
  const beside = calls.filter((call) => call !== null && call !== undefined).map(callOf);
  // LlamaIndex says a call as a part and beside it.
  const ids = new Set(beside.map(({ id }) => id));
  return [
    ...beside,
    ...(isObject(single) ? [callOf(single)] : []),
    ...used.map(callOf).filter(({ id }) => id === null || !ids.has(id)),
    ...(named === 'function_call' && said.trim() !== '' ? [{ asked: said, id: null, name: null, said: true }] : []),
    ...(named === 'tool-call' ? printedCalls(said) : []),
  ];
}

/** smolagents' messages say them as Python prints them: "Calling tools:", then a list. */
function printedCalls(said: string): Call[] {
  const list = readLiteral(said.slice(said.indexOf('[')))?.value;
  return isArray(list) ? list.map((call) => ({ ...callOf(call), said: true })) : [];
}

const RESULT_IDS = ['tool_call_id', 'call_id'];

/** What LangChain and LlamaIndex keep of a provider's own fields. */
function besideOf(message: JsonObject): JsonObject {
  const beside = message['additional_kwargs'];
  return isObject(beside) ? beside : {};
}

function callOf(call: unknown): Call {
  if (!isObject(call)) return { asked: call, id: null, name: null };
  const id = text(first(call, ID_KEYS));
  const asked = Object.fromEntries(Object.entries(call).filter(([key]) => !ID_KEYS.includes(key) && key !== 'type'));
  // Anthropic's have `input`, which others call `arguments`.
  return { asked: isObject(call['input']) ? call['input'] : asked, id, name: calledName(call) };
}

function unpacked(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[[{]/.test(value) ? (parsed(value) ?? value) : value;
}

/** Anthropic, Bedrock and Gemini put results into parts of the user's turn. */
export function resultsIn(message: JsonObject): { id: string | null; content: unknown }[] {
  return partsIn(message).flatMap(resultIn);
}

/** A message of the model that has results among its parts, since the server searched for it, as one message after the other. */
export function partedMessage(message: Message): Message[] {
  if (roleOf(message) !== 'assistant') return [message];
  const parts = expandedParts(partsIn(message));
  if (!parts.some(isResult)) return [message];
  const turns: { isFound: boolean; parts: JsonObject[] }[] = [];
  for (const part of parts) {
    const last = turns.at(-1);
    if (last?.isFound === isResult(part)) last.parts.push(part);
    else turns.push({ isFound: isResult(part), parts: [part] });
  }
  return turns.map((turn) => ({ ...message, ...(turn.isFound ? { role: 'tool' } : {}), content: turn.parts }));
}
