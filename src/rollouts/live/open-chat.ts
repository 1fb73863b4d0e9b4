/** A rollout that a file keeps as messages: as one text with the notation that leads back to the very messages. */
import { UserError } from '../../lib/assert';
import { promptOf } from '../reading/fields';
import { callsOf, contentOf, isMessages, resultsIn, roleOf, thoughtsOf } from '../reading/messages';
import type { Message } from '../reading/messages';
import { turnsOf } from '../reading/turns';
import { isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { tagsIn } from '../text/tags';
import { calledIn, END, readChat, START, toolsIn, TURN, writeChat } from './chat-text';
import type { ChatMessage, ChatNotation } from './chat-text';

export interface Chat {
  notation: ChatNotation;
  /** Definitions of tools that the file keeps; null where it keeps none. */
  tools: readonly JsonObject[] | null;
}

export interface OpenedChat extends Chat {
  prompt: string;
  text: string;
  notes: readonly string[];
}

const OPENAI = ['system', 'developer', 'user', 'assistant', 'tool'];

/**
 * @param source messages, or the text of the assistant alone where the prompt is kept as messages
 * @throws UserError where its messages could not be put back as they are
 */
export function openChat(row: JsonObject, source: unknown): OpenedChat {
  const given = messagesIn(row, source);
  const begin = given.findIndex((message) => roleOf(message) === 'assistant');
  if (begin < 0) throw new UserError('The file has no message of the model in this rollout.');
  if (begin === 0)
    throw new UserError('The file has no prompt, so what its model saw before its first word is unknown.');
  const messages = given.map(messageOf);
  const notation = notationOf(given, messages, begin);
  const whole = writeChat(messages, notation);
  const again = readChat(whole, notation).messages;
  if (messages.some(({ content }) => content.includes(START) || content.includes(END.trim())))
    throw new UserError('Its messages hold marks of a template, so where one ends cannot be told.');
  if (JSON.stringify(sorted(again)) !== JSON.stringify(sorted(messages)))
    throw new UserError(
      'Its messages are kept in a way in which a server of chats would not be given them as they are.',
    );
  const prompt = writeChat(messages.slice(0, begin), notation) + TURN;
  const tools = toolsIn(row['tools'] ?? (isObject(row['info']) ? row['info']['tools'] : undefined));
  const untold = notation.calls && tools === null;
  const notes = untold
    ? ['The file does not keep the tools that its model was told of: the server is asked without.']
    : [];
  return { notation, tools, prompt, text: whole.slice(prompt.length, -END.length), notes };
}

function messagesIn(row: JsonObject, source: unknown): readonly Message[] {
  const prompt = promptOf(row);
  if (typeof source === 'string') {
    if (isMessages(prompt) && turnsOf(source, 'assistant').length <= 1)
      return [...prompt, { role: 'assistant', content: source }];
    throw new UserError(
      'The file has the prompt as messages and what followed as text with several turns.',
      'Save both as text, or both as messages.',
    );
  }
  if (!isMessages(source)) throw new UserError('The file has no text of this rollout.');
  return isMessages(prompt) && source[0] && roleOf(source[0]) === 'assistant' ? [...prompt, ...source] : source;
}

function messageOf(message: Message): ChatMessage {
  const role = roleOf(message);
  const content = contentOf(message);
  if (resultsIn(message).length > 0)
    throw new UserError('Its results are parts of messages, which servers of this interface do not take.');
  const named = text(message['role']) ?? '';
  if (role !== 'assistant') {
    const [id, name] = [text(message['tool_call_id']), text(message['name'])];
    return {
      ...{ role: OPENAI.includes(named) ? named : (role ?? 'user'), content },
      ...(id === null ? {} : { tool_call_id: id }),
      ...(name === null || role !== 'tool' ? {} : { name }),
    };
  }
  const calls = callsOf(message, content);
  if (calls.length > 1) throw new UserError('It calls several tools in one turn, which cannot be gone on with here.');
  const [thought] = thoughtsOf(message);
  return {
    ...{ role: 'assistant', content },
    ...(thought === undefined ? {} : { reasoning_content: thought }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(({ asked, id }) => callOf(asked, id)) }),
  };
}

function callOf(asked: unknown, id: string | null): NonNullable<ChatMessage['tool_calls']>[number] {
  const called = calledIn(asked);
  if (called === null) throw new UserError('One of its calls names no tool, so a server cannot be told of it.');
  return { id: id ?? '', type: 'function', function: called };
}

function notationOf(given: readonly Message[], messages: ChatMessage[], begin: number): ChatNotation {
  const behind = messages.slice(begin);
  const tools = new Set(behind.flatMap(({ tool_calls: calls = [] }) => calls.map((call) => call.function.name)));
  if (tools.size > 1) {
    const names = [...tools].slice(0, 4).join(', ');
    throw new UserError(`It calls several tools (${names}), and only searches can be answered here.`);
  }
  const results = behind.filter(({ role }) => role !== 'assistant');
  const bare = results.every(({ content }) => tagsIn(content).every(({ kind }) => kind !== 'information'));
  const whose = results.some(({ role }) => role === 'tool') ? 'tool' : 'user';
  const ids: string[] = [];
  // Where a file has none, they are given: servers want them.
  let last = '';
  for (const message of behind) {
    const [call] = message.tool_calls ?? [];
    if (call) {
      last = call.id === '' ? `call${String(ids.length + 1).padStart(5, '0')}` : call.id;
      ids.push(last);
      message.tool_calls = [{ ...call, id: last }];
    } else if (message.role === 'tool' && message.tool_call_id === undefined && last !== '')
      message.tool_call_id = last;
  }
  return {
    thoughts: given.some((message) => thoughtsOf(message).length > 0),
    calls: tools.size > 0,
    wraps: results.length === 0 ? (tools.size > 0 ? 'tool' : null) : bare ? whose : null,
    names: results.some(({ name }) => name !== undefined),
    ids,
  };
}

/** The order of keys says nothing. */
function sorted(messages: readonly ChatMessage[]): unknown {
  return messages.map((message) => Object.entries(message).sort(([a], [b]) => (a < b ? -1 : 1)));
}
