/** A model server and a retriever, as the page and tests ask them: OpenAI's completions, and Search-R1's `/retrieve`. */
import { UserError } from '../../lib/assert';
import { readPassages } from '../reading/passages';
import { finite, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';

export interface CompletionAsk {
  prompt: readonly string[];
  /** One for all prompts; or one for each, where the server takes that. */
  seed: number | readonly number[];
  max_tokens: number;
  temperature: number;
  stop: readonly string[];
}

export interface CompletionChoice {
  text: string;
  /** `stop`, `length`, or what else a server says. */
  finish: string | null;
}

export interface LivePassage {
  title: string;
  text: string;
}

/** Where a question of a world of ours is searched: other retrievers know nothing of it. */
export type WorldSeed = number | null;

export interface LiveServer {
  /** Whether a request may name a seed for each of its prompts, as our own server takes it. */
  readonly seedLists: boolean;
  /** One choice for each prompt, in order. @throws UserError where the server refuses or answers something else */
  complete(ask: CompletionAsk, signal: AbortSignal): Promise<CompletionChoice[]>;
  /** Passages of each query, best first. @throws UserError as `complete` */
  retrieve(queries: readonly string[], topK: number, world: WorldSeed, signal: AbortSignal): Promise<LivePassage[][]>;
}

/** Sends a JSON body and gives what came back, whatever its status. */
export type Post = (path: 'model/completions' | 'retriever', body: object, signal: AbortSignal) => Promise<Response>;

const MOST_TOLD = 300;

/** @param model name that requests carry; null where the server takes any */
export function liveServer(post: Post, model: string | null, seedLists: boolean): LiveServer {
  return {
    seedLists,
    async complete(ask, signal) {
      const body = { ...(model === null ? {} : { model }), ...ask, n: 1 };
      const answer = await objectOf(await post('model/completions', body, signal), 'The model server');
      const choices = isArray(answer['choices']) ? answer['choices'].filter(isObject) : [];
      const byIndex = new Map(choices.map((choice, k) => [finite(choice['index']) ?? k, choice]));
      return ask.prompt.map((_, k) => {
        const choice = byIndex.get(k);
        const said = text(choice?.['text']);
        if (choice === undefined || said === null) throw noAnswer('The model server', 'no text for a prompt', answer);
        return { text: withStopWord(said, text(choice['stop_reason'])), finish: text(choice['finish_reason']) };
      });
    },
    async retrieve(queries, topK, world, signal) {
      const body = { queries, topk: topK, return_scores: true, ...(world === null ? {} : { world_seed: world }) };
      const answer = await objectOf(await post('retriever', body, signal), 'The retriever');
      const lists = isArray(answer['result']) ? answer['result'] : [];
      if (lists.length !== queries.length) {
        throw noAnswer('The retriever', `${lists.length} results for ${queries.length} queries`, answer);
      }
      return lists.map((list) => readPassages(list).map(({ title, text: said }) => ({ title, text: said })));
    },
  };
}

/** vLLM and our server say which stop word ended the text, and leave it out of it. */
function withStopWord(said: string, word: string | null): string {
  return word === null || said.endsWith(word) ? said : `${said}${word}`;
}

async function objectOf(response: Response, who: string): Promise<JsonObject> {
  const said = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(said);
  } catch {
    value = null;
  }
  if (!response.ok) {
    const told = isObject(value) ? messageIn(value) : null;
    throw new UserError(`${who} refused, with status ${response.status}: ${(told ?? said).slice(0, MOST_TOLD)}`);
  }
  if (!isObject(value)) throw noAnswer(who, 'no JSON object', said);
  return value;
}

/** OpenAI's `error.message`, vLLM's `message`, FastAPI's `detail`. */
function messageIn(value: JsonObject): string | null {
  const error = isObject(value['error']) ? value['error'] : value;
  const { detail } = value;
  return text(error['message']) ?? (detail === undefined ? text(value['error']) : JSON.stringify(detail));
}

function noAnswer(who: string, what: string, answer: unknown): UserError {
  const said = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return new UserError(
    `${who} answered something else: ${what}. It said: ${said.slice(0, MOST_TOLD)}`,
    'Check its address, and what it serves.',
  );
}
