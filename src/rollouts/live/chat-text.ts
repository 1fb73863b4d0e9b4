/**
 * A chat as one text and back, so that it is cut, changed and read like any other. The marks are ChatML's; they are never sent: a
 * server is asked by messages, which its own template renders.
 */
import { isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';

export interface ChatMessage {
  role: string;
  content: string;
  reasoning_content?: string;
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
  name?: string;
}

/** How the messages at hand are kept, which their text alone does not tell. */
export interface ChatNotation {
  /** Thoughts are kept beside what is said; else they are part of it. */
  thoughts: boolean;
  /** Calls are kept beside it. */
  calls: boolean;
  /** Whose results have no tags of their own: they are put around them in the text. */
  wraps: 'tool' | 'user' | null;
  /** Whether results name their tool. */
  names: boolean;
  /** What the calls of the file are called, in order; those behind get names of our own. */
  ids: readonly string[];
}

export const START = '<|im_start|>';
export const END = '<|im_end|>\n';
export const TURN = `${START}assistant\n`;
const CALL = { open: '\n<tool_call>\n', close: '\n</tool_call>' };
const RESULT = { open: '<tool_response>\n', close: '\n</tool_response>' };
const THOUGHT = { open: '<think>', close: '</think>\n' };

export function writeChat(messages: readonly ChatMessage[], notation: ChatNotation): string {
  return messages.map((message) => `${START}${message.role}\n${bodyOf(message, notation)}${END}`).join('');
}

/** What a message says, its thought and its call in tags. */
export function bodyOf(message: ChatMessage, { wraps }: Pick<ChatNotation, 'wraps'>): string {
  const { role, content, reasoning_content: thought, tool_calls: calls = [] } = message;
  if (role === wraps) return `${RESULT.open}${content}${RESULT.close}`;
  const before = thought === undefined ? '' : `${THOUGHT.open}${thought}${THOUGHT.close}`;
  const asked = calls.map(({ function: called }) => `${CALL.open}${JSON.stringify(called)}${CALL.close}`);
  return `${before}${content}${asked.join('')}`;
}

export interface ReadChat {
  messages: ChatMessage[];
  /** Whether the last message is not at its end: it goes on. An empty one is no message yet. */
  open: boolean;
}

export function readChat(source: string, notation: ChatNotation): ReadChat {
  const pieces = source.split(START).slice(1);
  const messages: ChatMessage[] = [];
  let called: { id: string; name: string } | null = null;
  let calls = 0;
  let open = false;
  for (const piece of pieces) {
    const at = piece.indexOf('\n');
    const role = at < 0 ? piece : piece.slice(0, at);
    const said = at < 0 ? '' : piece.slice(at + 1);
    const ended = said.endsWith(END);
    const body = ended ? said.slice(0, -END.length) : said;
    open = !ended && body !== '';
    if (!ended && !open) continue;
    if (role !== 'assistant') {
      const wrapped = role === notation.wraps && body.startsWith(RESULT.open) && body.endsWith(RESULT.close);
      const content = wrapped ? body.slice(RESULT.open.length, -RESULT.close.length) : body;
      const own = role === 'tool' && called !== null ? { tool_call_id: called.id } : {};
      messages.push({ role, content, ...own, ...(notation.names && called ? { name: called.name } : {}) });
      continue;
    }
    const message = assistantIn(body, notation, () => notation.ids[calls++] ?? `call${String(calls).padStart(5, '0')}`);
    const [call] = message.tool_calls ?? [];
    called = call ? { id: call.id, name: call.function.name } : null;
    messages.push(message);
  }
  return { messages, open };
}

function assistantIn(body: string, { thoughts, calls }: ChatNotation, nextId: () => string): ChatMessage {
  const thinks = thoughts && body.startsWith(THOUGHT.open) ? body.indexOf(THOUGHT.close) : -1;
  const thought = thinks < 0 ? {} : { reasoning_content: body.slice(THOUGHT.open.length, thinks) };
  const said = thinks < 0 ? body : body.slice(thinks + THOUGHT.close.length);
  const at = calls ? said.indexOf(CALL.open) : -1;
  const asked = at < 0 ? [] : callsIn(said.slice(at));
  if (asked.length === 0) return { role: 'assistant', content: said, ...thought };
  return {
    ...{ role: 'assistant', content: said.slice(0, at), ...thought },
    tool_calls: asked.map((one) => ({ id: nextId(), type: 'function', function: one })),
  };
}

/** Whole ones: what is cut off in the middle stays text. */
function callsIn(source: string): { name: string; arguments: string }[] {
  return source.split(CALL.open).flatMap((piece) => {
    const end = piece.indexOf(CALL.close);
    const call = end < 0 ? undefined : calledIn(parsed(piece.slice(0, end)));
    return call ? [call] : [];
  });
}

/** A name with its arguments as JSON, of a call in the shapes of OpenAI and of templates. */
export function calledIn(call: unknown): { name: string; arguments: string } | null {
  if (!isObject(call)) return null;
  const named: JsonObject = isObject(call['function']) ? call['function'] : call;
  const name = text(named['name']);
  const given = named['arguments'] ?? named['parameters'] ?? named['input'] ?? {};
  if (name === null) return null;
  return { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) };
}

/** Definitions of tools as a file keeps them: a list, or JSON of one. */
export function toolsIn(value: unknown): readonly JsonObject[] | null {
  const list = typeof value === 'string' ? parsed(value) : value;
  return isArray(list) && list.length > 0 && list.every(isObject) ? list : null;
}
