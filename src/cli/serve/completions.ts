/** `POST /v1/completions`: choices from sequences, at once or as a stream. */
import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error';
import type { CompletionRequest } from './completion-request';
import type { Ending, Scheduler } from './scheduler';
import { seedPlace } from './seeds';
import { Transcript, type LogProbLists } from './transcript';

export interface Choice {
  index: number;
  text: string;
  logprobs: LogProbLists | null;
  finish_reason: 'stop' | 'length' | null;
  /** The stop word; null where the model ended it. */
  stop_reason: string | null;
  token_ids?: number[];
  prompt_token_ids?: number[];
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

export interface Completion {
  id: string;
  object: 'text_completion';
  created: number;
  model: string;
  choices: Choice[];
  usage?: Usage | null;
}

export interface Served {
  model: string;
  scheduler: Scheduler;
  strings: readonly string[];
  eos: number;
}

/** More than this many sequences under way, and a request is asked to come back. */
const MOST_LOAD = 8192;

/**
 * @param told gets chunks of a stream
 * @param gone resolves when nobody listens any more
 * @returns the whole answer; of a stream its last chunk
 * @throws ApiError where the server has too much to do
 */
export async function complete(
  { model, scheduler, strings, eos }: Served,
  request: CompletionRequest,
  told: (chunk: Completion) => void,
  gone: Promise<void>,
): Promise<Completion> {
  const { prompts, n, seeds, stream } = request;
  if (scheduler.load + prompts.length * n > MOST_LOAD) {
    throw new ApiError(429, 'The server has too much to do: try again later.', {
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
    });
  }
  const head = {
    id: `cmpl-${randomUUID()}`,
    object: 'text_completion' as const,
    created: Math.floor(Date.now() / 1000),
    model,
  };
  const sequences = prompts.flatMap((prompt, p) =>
    Array.from({ length: n }, (_, r) => {
      const { stop, keepStop, echo, logProbs, maxTokens, sampling, tokenIds } = request;
      const transcript = new Transcript({ prompt, strings, eos, stop, keepStop, echo, logProbs });
      const index = p * n + r;
      const promptIds = prompt.tokens.map(({ token }) => token);
      let toldIds = 0;
      const choice = (ending: Ending | null): Choice => {
        const news = transcript.news(ending !== null);
        const ids = transcript.ids.slice(toldIds);
        toldIds += ids.length;
        return {
          ...{ index, text: news.text, logprobs: news.logProbs },
          finish_reason: ending === 'cancelled' ? null : ending,
          stop_reason: transcript.stopWord,
          ...(tokenIds && { token_ids: ids, ...(toldIds === ids.length && { prompt_token_ids: promptIds }) }),
        };
      };
      const ticket = scheduler.start({
        ...{ prompt: promptIds, maxTokens, sampling, top: logProbs ?? 0 },
        seed: seedPlace((seeds[p] ?? 0n) + BigInt(r)),
        ...(echo && logProbs !== null && { onPrompt: (written) => transcript.addPrompt(written) }),
        onToken: (written) => {
          const ends = transcript.add(written);
          if (stream && !ends) told({ ...head, choices: [choice(null)] });
          return ends;
        },
      });
      return { ticket, choice, transcript, promptLength: promptIds.length };
    }),
  );
  void gone.then(() => sequences.forEach(({ ticket }) => ticket.cancel()));
  const choices = await Promise.all(
    sequences.map(async ({ ticket, choice }) => {
      const last = choice(await ticket.ended);
      if (stream) told({ ...head, choices: [last] });
      return last;
    }),
  );
  const sum = (count: (one: (typeof sequences)[number]) => number) =>
    sequences.reduce((all, one) => all + count(one), 0);
  // A prompt counts once, as OpenAI counts it.
  const promptTokens = sum(({ promptLength }) => promptLength) / n;
  const written = sum(({ transcript }) => transcript.ids.length);
  const usage = { prompt_tokens: promptTokens, completion_tokens: written, total_tokens: promptTokens + written };
  return { ...head, choices: stream ? [] : choices, usage };
}
