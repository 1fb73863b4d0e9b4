/** What a model server does with chats, found out by asking it. */
import { UserError } from '../../lib/assert';
import { finite, isArray, isObject, text } from '../text/json';
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
/** Nothing that it would say by itself; small models say it again in a new turn, so that tokens are counted, too. */
const ODD = 'Zebra, anchor and seven';
/** A token, and what it adds to a prompt at most: the end of a turn and the head of a new one are more. */
const ONE = { text: 'A', most: 2 };
const TOKENS = 16;

/** null where it takes no chats: it has no such path, or its model no template. */
export async function probeChat(post: Post, model: string, signal: AbortSignal): Promise<ChatAbilities | null> {
  const ask = async (given: string | null, how: object): Promise<{ said: string; tokens: number | null } | null> => {
    const messages = given === null ? [ASK] : [ASK, { role: 'assistant', content: given }];
    const body = { model, messages, max_tokens: TOKENS, temperature: 0, ...how };
    try {
      const { choices, usage } = await objectOf(await post('model/chat', body, signal), 'model/chat');
      const [choice] = isArray(choices) ? choices.filter(isObject) : [];
      const message = choice?.['message'];
      const tokens = isObject(usage) ? finite(usage['prompt_tokens']) : null;
      return isObject(message) ? { said: text(message['content']) ?? '', tokens } : null;
    } catch (error) {
      if (error instanceof UserError && !signal.aborted) return null;
      throw error;
    }
  };
  const begun = await ask(null, {});
  if (begun === null) return null;
  const whole = begun.said;
  const words = whole.match(/\s*\S+/g) ?? [];
  const half = words.slice(0, Math.ceil(words.length / 2)).join('');
  for (const continues of ['asked', 'plain'] as const) {
    const odd = await ask(ODD, GO_ON[continues]);
    if (odd === null) continue;
    if (odd.said.startsWith(ODD)) {
      const one = await ask(ONE.text, { ...GO_ON[continues], max_tokens: 1 });
      const more = begun.tokens === null || !one?.tokens ? Infinity : one.tokens - begun.tokens;
      if (more <= ONE.most) return { continues, repeats: true };
      continue;
    }
    if (words.length < 4) continue;
    const rest = (await ask(half, GO_ON[continues]))?.said.trim() ?? '';
    const wanted = whole.slice(half.length).trim();
    if (rest !== '' && (wanted.startsWith(rest) || rest.startsWith(wanted))) return { continues, repeats: false };
  }
  return { continues: null, repeats: false };
}
