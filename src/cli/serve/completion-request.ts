/** The body of `POST /v1/completions`, checked. */
import { randomBytes } from 'node:crypto';
import type { Sampling } from './decode-batch';
import { readSeed } from '../../rollouts/live/served-seed';
import { ApiError, badRequest } from './api-error';
import type { TextToken, Tokenizer } from './tokenizer';

export interface Prompt {
  text: string;
  tokens: readonly TextToken[];
}

export interface CompletionRequest {
  prompts: readonly Prompt[];
  /** Choices of each prompt. */
  n: number;
  maxTokens: number;
  /** Of the first choice of each prompt; its others have those that follow. */
  seeds: readonly bigint[];
  sampling: Sampling;
  stop: readonly string[];
  keepStop: boolean;
  /** Likeliest tokens beside each; null where no log-probabilities are wanted. */
  logProbs: number | null;
  echo: boolean;
  tokenIds: boolean;
  stream: boolean;
  streamUsage: boolean;
}

export interface Limits {
  model: string;
  /** A prompt with what is written after it. */
  positions: number;
  tokenizer: Tokenizer;
}

/** OpenAI's default. */
const MAX_TOKENS = 16;
const MOST_CHOICES = 128;
const MOST_SEQUENCES = 1024;
const MOST_LOG_PROBS = 20;
const MOST_STOPS = 16;

/** Keys that other servers know: each is refused unless it asks for what is done anyhow. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  suffix: [''],
  best_of: [1],
  presence_penalty: [0],
  frequency_penalty: [0],
  repetition_penalty: [1],
  min_p: [0],
  logit_bias: [],
  add_special_tokens: [true, false],
  skip_special_tokens: [true],
  ignore_eos: [false],
};

const READ = [
  ...['model', 'prompt', 'n', 'max_tokens', 'seed', 'temperature', 'top_p', 'top_k', 'stop', 'logprobs', 'echo'],
  ...['stream', 'stream_options', 'include_stop_str_in_output', 'return_token_ids', 'user'],
];

type Body = Readonly<Record<string, unknown>>;

/** @throws ApiError that says which key is wrong */
export function readCompletionRequest(body: Body, { model, positions, tokenizer }: Limits): CompletionRequest {
  requireKnown(body);
  if (body['model'] !== undefined && body['model'] !== null && body['model'] !== model) {
    const named = typeof body['model'] === 'string' ? `\`${body['model'].slice(0, 80)}\`` : 'named';
    throw new ApiError(404, `The model ${named} does not exist: this server has \`${model}\`.`, {
      param: 'model',
      code: 'model_not_found',
    });
  }
  const echo = readFlag(body, 'echo');
  const maxTokens = readCount(body, 'max_tokens', MAX_TOKENS, echo ? 0 : 1, positions);
  const prompts = readPrompts(body['prompt'], tokenizer);
  const n = readCount(body, 'n', 1, 1, MOST_CHOICES);
  if (prompts.length * n > MOST_SEQUENCES) {
    throw badRequest(
      `${prompts.length} prompts with ${n} choices each: at most ${MOST_SEQUENCES} choices in a request.`,
      'n',
    );
  }
  for (const { tokens } of prompts) {
    if (tokens.length + maxTokens <= positions) continue;
    throw badRequest(
      `This model's maximum context length is ${positions} tokens, and ${tokens.length + maxTokens} were requested: ` +
        `${tokens.length} in the prompt, ${maxTokens} for the completion.`,
      'prompt',
      'context_length_exceeded',
    );
  }
  const stream = readFlag(body, 'stream');
  return {
    ...{ prompts, n, maxTokens, echo, stream },
    seeds: readSeeds(body['seed'], prompts.length),
    sampling: {
      temperature: readNumber(body, 'temperature', 1, 0, 2),
      topP: readNumber(body, 'top_p', 1, Number.MIN_VALUE, 1),
      // vLLM says -1 where it is off.
      topK: Math.max(0, readCount(body, 'top_k', 0, -1, 1_000_000)),
    },
    stop: readStop(body['stop']),
    keepStop: readFlag(body, 'include_stop_str_in_output'),
    logProbs: isAbsent(body['logprobs']) ? null : readCount(body, 'logprobs', 0, 0, MOST_LOG_PROBS),
    tokenIds: readFlag(body, 'return_token_ids'),
    streamUsage: stream && readStreamUsage(body['stream_options']),
  };
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function requireKnown(body: Body): void {
  for (const [key, value] of Object.entries(body)) {
    if (READ.includes(key) || isAbsent(value)) continue;
    const neutral = NEUTRAL[key];
    const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    if (neutral === undefined) throw badRequest(`Unrecognized request argument supplied: ${key.slice(0, 80)}`, key);
    if (!neutral.includes(value) && !empty) throw badRequest(`This server does not support ${key}: leave it out.`, key);
  }
}

function readFlag(body: Body, key: string): boolean {
  const value = body[key];
  if (isAbsent(value)) return false;
  if (typeof value !== 'boolean') throw badRequest(`${key} must be true or false.`, key);
  return value;
}

function readNumber(body: Body, key: string, standard: number, from: number, to: number): number {
  const value = body[key];
  if (isAbsent(value)) return standard;
  if (typeof value !== 'number' || !(value >= from && value <= to)) {
    throw badRequest(`${key} must be a number ${from < 1e-3 && from > 0 ? 'above 0' : `from ${from}`} to ${to}.`, key);
  }
  return value;
}

function readCount(body: Body, key: string, standard: number, from: number, to: number): number {
  const value = body[key];
  if (isAbsent(value)) return standard;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to) {
    throw badRequest(`${key} must be an integer from ${from} to ${to}.`, key);
  }
  return value;
}

/** One for all prompts, as elsewhere, or a list with one for each. */
function readSeeds(value: unknown, prompts: number): bigint[] {
  if (!Array.isArray(value)) return new Array<bigint>(prompts).fill(seedFrom(value));
  if (value.length === prompts) return value.map(seedFrom);
  throw badRequest(`seed is a list of ${value.length}, and there are ${prompts} prompts.`, 'seed');
}

function seedFrom(value: unknown): bigint {
  if (isAbsent(value)) return randomBytes(8).readBigUInt64LE();
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  const seed = typeof value === 'string' ? readSeed(value) : null;
  if (seed !== null) return seed;
  throw badRequest(
    `seed must be an integer within ${Number.MAX_SAFE_INTEGER} of 0, the digits of one below 2^64 as text, or a list of these.`,
    'seed',
  );
}

function readStop(value: unknown): string[] {
  if (isAbsent(value)) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const words = list.filter((one) => typeof one === 'string' && one !== '');
  if (words.length !== list.length || words.length > MOST_STOPS) {
    throw badRequest(`stop must be a text, or a list of at most ${MOST_STOPS}, none of them empty.`, 'stop');
  }
  return words.map(String);
}

function readStreamUsage(value: unknown): boolean {
  if (isAbsent(value)) return false;
  if (typeof value !== 'object' || value === null)
    throw badRequest('stream_options must be an object.', 'stream_options');
  return 'include_usage' in value && value.include_usage === true;
}

/** Text, token ids, or a list of either. */
function readPrompts(value: unknown, tokenizer: Tokenizer): Prompt[] {
  if (typeof value === 'string') return [textPrompt(value, tokenizer)];
  if (Array.isArray(value) && value.length > 0 && value.length <= MOST_SEQUENCES) {
    if (value.every((one) => typeof one === 'number')) return [idPrompt(value, tokenizer)];
    return value.map((one: unknown) => {
      if (typeof one === 'string') return textPrompt(one, tokenizer);
      if (Array.isArray(one) && one.every((id) => typeof id === 'number')) return idPrompt(one, tokenizer);
      throw notAPrompt();
    });
  }
  throw notAPrompt();
}

function notAPrompt(): ApiError {
  return badRequest(
    `prompt must be a text, a list of token ids, or a list of at most ${MOST_SEQUENCES} of these.`,
    'prompt',
  );
}

function textPrompt(text: string, tokenizer: Tokenizer): Prompt {
  const tokens = tokenizer.encode(text);
  if ('unknown' in tokens) {
    throw badRequest(
      `"${tokens.unknown.slice(0, 80)}" is no word of this model: it knows its world's names and tags alone.`,
      'prompt',
    );
  }
  return { text, tokens: requireSome(tokens) };
}

function idPrompt(ids: readonly number[], tokenizer: Tokenizer): Prompt {
  const most = tokenizer.strings.length - 1;
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id > most);
  if (wrong !== undefined) throw badRequest(`${wrong} is no token id: they go from 0 to ${most}.`, 'prompt');
  requireSome(ids);
  return tokenizer.decode(ids);
}

function requireSome<T>(tokens: readonly T[]): readonly T[] {
  if (tokens.length === 0) throw badRequest('prompt is empty: begin with <bos>.', 'prompt');
  return tokens;
}
