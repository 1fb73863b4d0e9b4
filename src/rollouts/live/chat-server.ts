/** A model server asked by messages: where a file keeps no text that its model saw, the server's own template renders them. */
import { UserError } from '../../lib/assert';
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { bodyOf, calledIn, readChat, START } from './chat-text';
import type { ChatMessage } from './chat-text';
import { endedBy, objectOf } from './live-server';
import type { CompletionChoice, LiveServer, Post } from './live-server';
import type { Chat } from './open-chat';
import type { Abilities } from './probe';
import { GO_ON } from './probe-chat';
import type { ChatAbilities } from './probe-chat';
import { writtenSeed } from './served-seed';

/** Messages of a text with what else a request for them holds. @throws UserError where the server could not go on from there */
export function chatBody(
  { notation, tools }: Chat,
  { model }: Pick<Abilities, 'model'>,
  { continues }: ChatAbilities,
  source: string,
): { body: JsonObject; kept: string } {
  const { messages, open } = readChat(source, notation);
  const last = messages.at(-1);
  const body = { model, messages, ...(tools === null ? {} : { tools }) };
  if (!open || last === undefined) return { body, kept: '' };
  if (continues === null) {
    throw new UserError(
      'This cut lies within a message, and the server begins a new one there instead of going on.',
      'Cut where a message begins.',
    );
  }
  const { content } = last;
  const inside = notation.calls && content.includes('<tool_call>');
  if (inside || (notation.thoughts && content.startsWith('<think>')))
    throw new UserError('Within a call or a thought that is kept beside the message no server goes on.');
  return { body: { ...body, ...GO_ON[continues] }, kept: content };
}

/** @param retrieve as of the server for texts */
export function chatServer(post: Post, abilities: Abilities, chat: Chat, retrieve: LiveServer['retrieve']): LiveServer {
  const { sampling, seeds, alone, stops } = abilities;
  const able = abilities.chat;
  if (able === null) throw new UserError('This model server takes no chats: its model may have no template for them.');
  const say = async (
    source: string,
    seed: bigint,
    rest: object,
    stop: readonly string[],
    signal: AbortSignal,
  ): Promise<CompletionChoice> => {
    const { body, kept } = chatBody(chat, abilities, able, source);
    const asked = {
      ...{ ...body, ...rest, ...sampling },
      ...(stops && stop.length > 0 ? { stop } : {}),
      ...(seeds ? { seed: writtenSeed(seed) } : {}),
    };
    const answer = await objectOf(await post('model/chat', asked, signal), 'model/chat');
    const [choice] = isArray(answer['choices']) ? answer['choices'].filter(isObject) : [];
    const message = choice?.['message'];
    if (!isObject(message))
      throw new UserError('The model server answered a chat without a message.', 'Look at what it prints.');
    const said = textIn(message, able.repeats ? kept : '');
    const ended = typeof choice?.['stop_reason'] === 'string' ? `${said}${choice['stop_reason']}` : said;
    return endedBy(stop, ended) ?? { text: ended, finish: text(choice?.['finish_reason']) };
  };
  return {
    shape: { promptLists: false, seedLists: false, seeds, alone, stops, sampling },
    complete: ({ prompt, seed, stop, ...rest }, signal) =>
      Promise.all(
        prompt.map((source, k) => say(source, typeof seed === 'bigint' ? seed : (seed[k] ?? 0n), rest, stop, signal)),
      ),
    retrieve,
  };
}

/** @param kept what some say again before they go on */
function textIn(message: JsonObject, kept: string): string {
  const content = text(message['content']) ?? '';
  const thought = text(message['reasoning_content']) ?? text(message['reasoning']);
  const calls = isArray(message['tool_calls']) ? message['tool_calls'].map(calledIn) : [];
  const [called] = calls.filter((call) => call !== null);
  const made: ChatMessage = {
    ...{ role: 'assistant', content: content.startsWith(kept) ? content.slice(kept.length) : content },
    ...(thought === null || thought === '' ? {} : { reasoning_content: thought }),
    ...(called ? { tool_calls: [{ id: '', type: 'function', function: called }] } : {}),
  };
  // What stands in it like a mark would be read as one.
  return bodyOf(made, { wraps: null }).split(START).join('');
}
