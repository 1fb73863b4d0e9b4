/** What a model server does, found out by asking it: servers of one interface differ, and none says how. */
import { UserError } from '../../lib/assert';
import { finite, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { objectOf } from './live-server';
import type { Post, RequestShape, Sampling } from './live-server';
import { probeChat } from './probe-chat';
import type { ChatAbilities } from './probe-chat';

export interface Abilities extends RequestShape {
  model: string;
  /** How it calls its other models. */
  others: readonly string[];
  /** Whether it goes on from a text as if it had written it; null where it wrote too little to tell. */
  continues: boolean | null;
  /** Whether equal seeds give equal answers and others do not; null where all answers were equal. */
  seeded: boolean | null;
  /** Whether answers at temperature 1 differ; null where the model wrote too little to tell. */
  draws: boolean | null;
  /** Whether it gives the likeliest tokens with their log-probabilities. */
  topLogProbs: boolean;
  /** Whether it gives log-probabilities of a given text. */
  promptLogProbs: boolean;
  /** What becomes of the word that ends a text; null where it could not be seen. */
  stop: 'kept' | 'told' | 'dropped' | 'refused' | null;
  /** What it does with chats; null where it takes none. */
  chat: ChatAbilities | null;
  /** Milliseconds of a short request. */
  ms: number;
}

/** A word of most models, and of our own networks, which know few others. */
const GENERAL = '<think>';
const TOKENS = 12;
/** Without these llama.cpp draws from 40 tokens at most, and vLLM as the model's generation_config.json says. */
const WHOLE: Sampling = { top_p: 1, top_k: -1, min_p: 0, repetition_penalty: 1, repeat_penalty: 1 };

interface Choice {
  text: string;
  stopReason: string | null;
  raw: JsonObject;
}

/**
 * @param named the model that is wanted; null takes the first
 * @param text that it is asked to go on from: of a rollout of its own, it writes more
 * @throws UserError where it is no model server, or one without completions
 */
export async function probe(post: Post, named: string | null, signal: AbortSignal, text = GENERAL): Promise<Abilities> {
  const models = await modelsOf(post, signal);
  const model = named ?? models[0];
  if (model === undefined)
    throw new UserError('The model server names no model.', 'Name one: npm start -- --model URL --model-name NAME');
  if (named !== null && models.length > 0 && !models.includes(named)) {
    throw new UserError(`The model server has no model "${named}": it has ${models.slice(0, 5).join(', ')}.`);
  }
  const ask = async (rest: object): Promise<Choice[]> => {
    const body = { model, prompt: text, max_tokens: TOKENS, temperature: 0, ...rest };
    return choicesIn(await objectOf(await post('model/completions', body, signal), 'model/completions'));
  };
  /** null where it refuses: then it does not do that. */
  const attempt = async (rest: object): Promise<Choice[] | null> => {
    try {
      return await ask(rest);
    } catch (error) {
      if (error instanceof UserError && !signal.aborted) return null;
      throw error;
    }
  };
  const begun = performance.now();
  const [first] = await ask({});
  const ms = performance.now() - begun;
  if (first === undefined) throw new UserError('The model server answered without a text.', 'Check what it serves.');
  const sampling = await taken(attempt);
  const draw = { ...sampling, temperature: 1 };
  const lists = distinct(await attempt({ prompt: [text, `${text} `], max_tokens: 1 })) === 2;
  const seeds = (await attempt({ seed: 1, max_tokens: 1 })) !== null;
  const seedLists = lists && distinct(await attempt({ prompt: [text, text], seed: [1, 2], max_tokens: 1 })) === 2;
  // Both must be as if each had been asked alone.
  const pair = lists && seeds ? await attempt({ ...draw, prompt: [text, text], seed: 11 }) : null;
  const promptLists = lists && (seedLists || pair?.[0]?.text === pair?.[1]?.text);
  const likely = await attempt({ logprobs: 5, max_tokens: 1 });
  const scored = await attempt({ logprobs: 1, echo: true, max_tokens: 0 });
  const say = async (seed: number): Promise<string> =>
    (await ask({ ...draw, ...(seeds ? { seed } : {}) }))[0]?.text ?? '';
  const { seeded, differ, alone } = await seedsKept(say);
  const wrote = wordsIn(first.text).length;
  const stop = await stopKept(attempt, first.text);
  return {
    ...{ model, others: models.filter((name) => name !== model), ms, promptLists, seeds, seedLists, sampling },
    continues: await continues(attempt, text, first.text),
    ...{ seeded: seeds ? seeded : false, alone: seeds && alone },
    draws: differ ? true : wrote < ENOUGH ? null : false,
    topLogProbs: topOf(likely?.[0]) !== null,
    promptLogProbs: promptScores(scored?.[0]) !== null,
    ...{ stop, stops: stop !== 'refused' },
    chat: await probeChat(post, model, signal),
  };
}

/** Words from which all answers to other seeds would differ, were they drawn. */
const ENOUGH = 6;

/** Those keys of sampling that it takes: some refuse whole requests for one that they do not know. */
async function taken(attempt: (rest: object) => Promise<Choice[] | null>): Promise<Sampling> {
  if ((await attempt({ ...WHOLE, max_tokens: 1 })) !== null) return WHOLE;
  const kept: [string, number][] = [];
  for (const [key, value] of Object.entries(WHOLE)) {
    if ((await attempt({ [key]: value, max_tokens: 1 })) !== null) kept.push([key, value]);
  }
  return Object.fromEntries(kept);
}

async function modelsOf(post: Post, signal: AbortSignal): Promise<string[]> {
  const response = await post('model/models', null, signal);
  // Some have completions and no list.
  if (response.status === 404 || response.status === 405) return [];
  const { data } = await objectOf(response, 'model/models');
  return isArray(data) ? data.filter(isObject).flatMap(({ id }) => text(id) ?? []) : [];
}

function choicesIn(answer: JsonObject): Choice[] {
  const choices = isArray(answer['choices']) ? answer['choices'].filter(isObject) : [];
  return choices.flatMap((raw) => {
    const said = text(raw['text']);
    return said === null ? [] : [{ text: said, stopReason: text(raw['stop_reason']), raw }];
  });
}

function distinct(choices: readonly Choice[] | null): number {
  return new Set(choices?.map(({ raw }, k) => finite(raw['index']) ?? k)).size;
}

/** In two parts it must say greedily what it says in one: what wraps the text in a chat, or drops part of it, does not. */
async function continues(
  attempt: (rest: object) => Promise<Choice[] | null>,
  prompt: string,
  whole: string,
): Promise<boolean | null> {
  const words = wordsIn(whole);
  if (words.length < 4) return null;
  const half = words.slice(0, Math.floor(words.length / 2)).join('');
  // A text that begins without a space may be joined to the prompt with or without one.
  for (const between of ['', ' ']) {
    // Models whose words stand apart may refuse what is glued together.
    const [rest] = (await attempt({ prompt: `${prompt}${between}${half}` })) ?? [];
    const [said, wanted] = [rest?.text.trim() ?? '', whole.slice(half.length).trim()];
    if (said !== '' && (wanted.startsWith(said) || said.startsWith(wanted))) return true;
  }
  return false;
}

const wordsIn = (said: string): string[] => said.match(/\s*\S+/g) ?? [];

/** Alone, then beside others, as in a sweep: where all draw from one stream, a seed is kept only while nothing else is asked. */
async function seedsKept(
  say: (seed: number) => Promise<string>,
): Promise<{ seeded: boolean | null; differ: boolean; alone: boolean }> {
  const first = await say(11);
  const [one, b, c, two] = await Promise.all([say(11), say(12), say(13), say(11)]);
  const together = one === first && two === first;
  const alone = !together && (await say(11)) === first;
  const differ = new Set([first, one, b, c, two]).size > 1;
  return { seeded: alone || (together ? (differ ? true : null) : false), differ, alone };
}

async function stopKept(
  attempt: (rest: object) => Promise<Choice[] | null>,
  whole: string,
): Promise<Abilities['stop']> {
  const word = wordsIn(whole)[1]?.trim();
  if (word === undefined) return null;
  const choices = await attempt({ stop: [word] });
  if (choices === null) return 'refused';
  const [stopped] = choices;
  if (stopped === undefined) return null;
  // Written behind it, too: it was not heeded.
  if (stopped.text.includes(word)) return stopped.text.trimEnd().endsWith(word) ? 'kept' : 'refused';
  return stopped.stopReason === word ? 'told' : 'dropped';
}

/** Likeliest next tokens, the likeliest first; null where none are given. */
export function topOf(choice: { raw: JsonObject } | undefined): [string, number][] | null {
  const logProbs = choice?.raw['logprobs'];
  if (!isObject(logProbs)) return null;
  const tops = logProbs['top_logprobs'];
  const found = isArray(tops) && isObject(tops[0]) ? Object.entries(tops[0]) : chatTop(logProbs['content']);
  const numbers = found.flatMap(([token, value]) => {
    const number = finite(value);
    return number === null ? [] : [[token, number] satisfies [string, number]];
  });
  return numbers.length === 0 ? null : numbers.sort((a, b) => b[1] - a[1]);
}

/** As chats have them, which llama.cpp gives for completions too. */
function chatTop(content: unknown): [string, unknown][] {
  const [token] = isArray(content) ? content.filter(isObject) : [];
  const list = isArray(token?.['top_logprobs']) ? token['top_logprobs'].filter(isObject) : [];
  return list.map((one) => [String(one['token']), one['logprob']]);
}

/** Log-probability of each token of an echoed prompt with where it begins; null where none are given. */
export function promptScores(
  choice: { raw: JsonObject } | undefined,
): { offset: number; logProb: number | null }[] | null {
  const logProbs = choice?.raw['logprobs'];
  if (!isObject(logProbs)) return null;
  const [values, offsets] = [logProbs['token_logprobs'], logProbs['text_offset']];
  if (!isArray(values) || !isArray(offsets) || values.length === 0) return null;
  return values.map((value, k) => ({ offset: finite(offsets[k]) ?? 0, logProb: finite(value) }));
}
