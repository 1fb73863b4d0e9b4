/** Whether a server renders a chat as its model saw it: by text, by token ids or by their number, whatever file and server have. */
import { UserError } from '../../lib/assert';
import { PROMPT_KEYS, WHOLE_KEYS } from '../reading/fields';
import { TOKENS } from '../reading/writer';
import { finite, first, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { chatBody } from './chat-server';
import { objectOf } from './live-server';
import type { LivePath, Post } from './live-server';
import type { Chat } from './open-chat';
import type { Abilities } from './probe';

export interface Rendered {
  /** null where it cannot be compared. */
  same: boolean | null;
  /** By what, and what differs, in a sentence. */
  told: string;
  /** What the server makes of the messages before the model's first word; null where it does not show it. */
  text: string | null;
}

interface Held {
  text: string | null;
  ids: readonly number[] | null;
  count: number | null;
}

const MARK = /<\|[^|<>]{1,40}\|>|<start_of_turn>|\[INST\]|<｜[^｜<>]{1,40}｜>/;
const IDS = ['prompt_token_ids', 'prompt_ids'];
const COUNTS = ['prompt_tokens', 'num_prompt_tokens', 'prompt_length', 'prompt_len', 'input_tokens'];

export async function compareRendered(
  post: Post,
  abilities: Abilities,
  chat: Chat,
  prompt: string,
  row: JsonObject,
  signal: AbortSignal,
): Promise<Rendered> {
  if (abilities.chat === null) throw new UserError('This model server takes no chats.');
  const { body } = chatBody(chat, abilities, abilities.chat, prompt);
  const [held, served] = [heldIn(row), await servedBy(post, body, signal)];
  const { text: shown } = served;
  if (held.text !== null && shown !== null) {
    const at = firstDifference(held.text, shown);
    if (at === null)
      return {
        same: true,
        told: 'The server renders its prompt as the file has it, to the last character.',
        text: shown,
      };
    const [here, there] = [held.text, shown].map((one) => JSON.stringify(one.slice(at, at + 40)));
    return {
      same: false,
      told: `The server renders its prompt otherwise than the file has it, from character ${at + 1} on: ${there}, not ${here}.`,
      text: shown,
    };
  }
  if (held.ids !== null && served.ids !== null) {
    const { ids } = served;
    const at = held.ids.findIndex((id, k) => ids[k] !== id);
    if (at < 0 && held.ids.length === ids.length)
      return {
        same: true,
        told: `The server renders its prompt as the file has it: the same ${ids.length} tokens.`,
        text: shown,
      };
    const where = at < 0 ? Math.min(held.ids.length, ids.length) : at;
    return {
      same: false,
      told: `The server renders its prompt in other tokens than the file has, from token ${where + 1} on: ${ids.length} of them, not ${held.ids.length}.`,
      text: shown,
    };
  }
  const count = held.ids?.length ?? held.count;
  if (count !== null && served.count !== null) {
    const same = count === served.count;
    return {
      same,
      told: same
        ? `The server renders its prompt in ${count} tokens, as many as the file has.`
        : `The server renders its prompt in ${served.count} tokens, and the file has ${count}: its model saw another text.`,
      text: shown,
    };
  }
  const what =
    count === null && held.text === null
      ? 'The file keeps neither text nor tokens of its prompt'
      : 'The server does not show how it renders a chat';
  return {
    same: null,
    told: `${what}, so whether the model saw it as the server renders it cannot be told.`,
    text: shown,
  };
}

/** What the file keeps of the rendered prompt. */
function heldIn(row: JsonObject): Held {
  const texts = [...PROMPT_KEYS, ...WHOLE_KEYS].map((key) => text(row[key]));
  const prompt = texts.find((one) => one !== null && MARK.test(one)) ?? null;
  const tokens = row[TOKENS];
  const [all, mask] = isObject(tokens) ? [idsIn(tokens['ids']), idsIn(tokens['mask'])] : [null, null];
  const begin = mask?.indexOf(1) ?? -1;
  const ids = idsIn(first(row, IDS)) ?? (all !== null && begin > 0 ? all.slice(0, begin) : null);
  const usage = isObject(row['usage']) ? row['usage'] : {};
  return { text: prompt, ids, count: finite(first(row, COUNTS)) ?? finite(first(usage, COUNTS)) };
}

function idsIn(value: unknown): number[] | null {
  if (!isArray(value) || value.length === 0) return null;
  const numbers = value.map(finite).filter((one) => one !== null);
  return numbers.length === value.length ? numbers : null;
}

/** llama.cpp shows the text, vLLM the tokens; what shows neither counts them. */
async function servedBy(post: Post, body: JsonObject, signal: AbortSignal): Promise<Held> {
  const ask = async (path: LivePath, given: object): Promise<JsonObject | null> => {
    try {
      return await objectOf(await post(path, given, signal), path);
    } catch (error) {
      if (error instanceof UserError && !signal.aborted) return null;
      throw error;
    }
  };
  const shown = text((await ask('model/apply-template', body))?.['prompt']);
  const tokenized = await ask(
    'model/tokenize',
    shown === null ? body : { content: shown, add_special: true, parse_special: true },
  );
  const ids = idsIn(tokenized?.['tokens']);
  const { model } = body;
  const back = shown ?? (ids && text((await ask('model/detokenize', { model, tokens: ids }))?.['prompt']));
  if (ids !== null) return { text: back, ids, count: ids.length };
  const answer = await ask('model/chat', { ...body, max_tokens: 1 });
  const usage = answer?.['usage'];
  return { text: back, ids: null, count: isObject(usage) ? finite(usage['prompt_tokens']) : null };
}

function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
