/** What a model server does with chats, found out by asking it. */
import { UserError } from '../../lib/assert';
import { isArray, isObject, text } from '../text/json';
import { objectOf } from './live-server';
import type { Post } from './live-server';

/** What a request holds to go on within the last message. */
export const GO_ON = {
  asked: { continue_final_message: true, add_generation_prompt: false },
  plain: {},
} as const;

export interface ChatAbilities {
  /** How it is asked to go on within its last message; null where it begins a new one. */
  continues: keyof typeof GO_ON | null;
  /** Whether its answer then begins with what it was given. */
  repeats: boolean;
}

const ASK = { role: 'user', content: 'What is the capital of France? Answer in a whole sentence.' };
/** Nothing that it would say by itself. A server that begins a new turn may well say again what an old one began with. */
const ODD = 'Zebra, anchor and seven';
const TOKENS = 16;

/** null where it takes no chats: it has no such path, or its model no template. */
export async function probeChat(post: Post, model: string, signal: AbortSignal): Promise<ChatAbilities | null> {
  const say = async (given: string | null, how: object): Promise<string | null> => {
    const messages = given === null ? [ASK] : [ASK, { role: 'assistant', content: given }];
    const body = { model, messages, max_tokens: TOKENS, temperature: 0, ...how };
    try {
      const { choices } = await objectOf(await post('model/chat', body, signal), 'The model server');
      const [choice] = isArray(choices) ? choices.filter(isObject) : [];
      const message = choice?.['message'];
      return isObject(message) ? (text(message['content']) ?? '') : null;
    } catch (error) {
      if (error instanceof UserError && !signal.aborted) return null;
      throw error;
    }
  };
  const whole = await say(null, {});
  if (whole === null) return null;
  const words = whole.match(/\s*\S+/g) ?? [];
  const half = words.slice(0, Math.ceil(words.length / 2)).join('');
  for (const continues of ['asked', 'plain'] as const) {
    const odd = await say(ODD, GO_ON[continues]);
    if (odd === null) continue;
    if (odd.startsWith(ODD)) return { continues, repeats: true };
    if (words.length < 4) continue;
    const rest = (await say(half, GO_ON[continues]))?.trim() ?? '';
    const wanted = whole.slice(half.length).trim();
    if (rest !== '' && (wanted.startsWith(rest) || rest.startsWith(wanted))) return { continues, repeats: false };
  }
  return { continues: null, repeats: false };
}
