/** A model server and a retriever, as the page and tests ask them: OpenAI's completions, and Search-R1's `/retrieve`. */
import { UserError } from '../../lib/assert';
import { readPassages } from '../reading/passages';
import { finite, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { writtenSeed } from './served-seed';

export interface CompletionAsk {
  prompt: readonly string[];
  /** One for all prompts; or one for each, where the server takes that. */
  seed: bigint | readonly bigint[];
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
  readonly shape: RequestShape;
  /** One choice for each prompt, in order. @throws UserError where the server refuses or answers something else */
  complete(ask: CompletionAsk, signal: AbortSignal): Promise<CompletionChoice[]>;
  /** Passages of each query, best first. @throws UserError as `complete` */
  readonly retrieve: (
    queries: readonly string[],
    topK: number,
    world: WorldSeed,
    signal: AbortSignal,
  ) => Promise<LivePassage[][]>;
}

/** What can be asked: of the model server, and of a judge. */
export type LivePath =
  | `model/${'models' | 'completions' | 'chat' | 'tokenize' | 'detokenize' | 'apply-template'}`
  | 'retriever'
  | 'judge/models'
  | 'judge/chat';

/** Sends a JSON body, or asks without one, and gives what came back, whatever its status. */
export type Post = (path: LivePath, body: object | null, signal: AbortSignal) => Promise<Response>;

/** What requests may hold: seen by the probe. */
export interface RequestShape {
  /** Several prompts in one request. */
  promptLists: boolean;
  /** A seed for each of them, as our own server takes it. */
  seedLists: boolean;
  /** A seed at all. */
  seeds: boolean;
  /** Seeds are kept only while nothing else is asked. */
  alone: boolean;
  /** Words that end a text: where they are refused, texts are cut here. */
  stops: boolean;
  /** What makes it draw from all tokens, of what it takes. Without, a server draws by defaults of its own or of its model. */
  sampling: Sampling;
}
export type Sampling = Readonly<Record<string, number>>;
const ALL_SHAPES: RequestShape = {
  ...{ promptLists: true, seedLists: true, seeds: true, alone: false, stops: true, sampling: {} },
};

/** What a request asks of whom, in the words of messages. */
const WHAT: Readonly<Record<LivePath, string>> = {
  'model/models': 'GET /models',
  'model/completions': 'POST /completions',
  'model/chat': 'POST /chat/completions',
  'model/tokenize': 'POST /tokenize',
  'model/detokenize': 'POST /detokenize',
  'model/apply-template': 'POST /apply-template',
  retriever: 'queries',
  'judge/models': 'GET /models',
  'judge/chat': 'POST /chat/completions',
};
const WHO: Readonly<Record<string, string>> = { model: 'The model server', retriever: 'The retriever' };
const whoOf = (path: LivePath): string => WHO[path.split('/')[0] ?? ''] ?? 'The judge';
const MOST_TOLD = 300;

/** @param model name that requests carry; null where the server takes any */
export function liveServer(post: Post, model: string | null, given: Partial<RequestShape> = {}): LiveServer {
  const shape = { ...ALL_SHAPES, ...given };
  return {
    shape,
    async complete({ prompt, seed, stop, ...ask }, signal) {
      const body = {
        ...(model === null ? {} : { model }),
        ...ask,
        ...shape.sampling,
        ...(shape.stops ? { stop } : {}),
        ...(shape.seeds ? { seed: typeof seed === 'bigint' ? writtenSeed(seed) : seed.map(writtenSeed) } : {}),
        prompt: shape.promptLists ? prompt : (prompt[0] ?? ''),
      };
      const answer = await objectOf(await post('model/completions', body, signal), 'model/completions');
      const choices = isArray(answer['choices']) ? answer['choices'].filter(isObject) : [];
      const byIndex = new Map(choices.map((choice, k) => [finite(choice['index']) ?? k, choice]));
      return prompt.map((_, k) => {
        const choice = byIndex.get(k);
        const said = text(choice?.['text']);
        if (choice === undefined || said === null) throw noAnswer('model/completions', 'no text for a prompt', answer);
        const told = withStopWord(said, text(choice['stop_reason']));
        return endedBy(stop, told) ?? { text: told, finish: text(choice['finish_reason']) };
      });
    },
    async retrieve(queries, topK, world, signal) {
      const body = { queries, topk: topK, return_scores: true, ...(world === null ? {} : { world_seed: world }) };
      const answer = await objectOf(await post('retriever', body, signal), 'retriever');
      const lists = isArray(answer['result']) ? answer['result'] : [];
      if (lists.length !== queries.length) {
        throw noAnswer('retriever', `${lists.length} results for ${queries.length} queries`, answer);
      }
      const odd = lists.flatMap((list) => (isArray(list) ? list : [list])).find(hasNoText);
      if (odd !== undefined) throw noAnswer('retriever', 'a passage without a text', odd);
      return lists.map((list) => readPassages(list).map(({ title, text: said }) => ({ title, text: said })));
    },
  };
}

/** vLLM and our server say which stop word ended the text, and leave it out of it. */
function withStopWord(said: string, word: string | null): string {
  return word === null || said.endsWith(word) ? said : `${said}${word}`;
}

/** Up to the first word that ends it, whatever the server wrote behind it; null where there is none. */
export function endedBy(stop: readonly string[], said: string): CompletionChoice | null {
  const ends = stop.filter((word) => said.includes(word)).map((word) => said.indexOf(word) + word.length);
  return ends.length === 0 ? null : { text: said.slice(0, Math.min(...ends)), finish: 'stop' };
}

/** An object that is read as its own JSON: none of its keys is a passage's. */
function hasNoText(found: unknown): boolean {
  if (!isObject(found)) return !isArray(found) && text(found) === null;
  const json = JSON.stringify(isObject(found['document']) ? found['document'] : found);
  return readPassages(found).some(({ title, text: said }) => title === '' && said === json);
}

/** @param path of what was asked */
export async function objectOf(response: Response, path: LivePath): Promise<JsonObject> {
  const said = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(said);
  } catch {
    value = null;
  }
  if (!response.ok) {
    const told = isObject(value) ? messageIn(value) : null;
    throw new UserError(
      `${whoOf(path)} refused ${WHAT[path]}, with status ${response.status}: ${(told ?? said).slice(0, MOST_TOLD)}`,
      hintFor(response.status, path),
    );
  }
  if (!isObject(value)) throw noAnswer(path, 'no JSON object', said);
  return value;
}

function hintFor(status: number, path: LivePath): string {
  const [who = ''] = path.split('/');
  if (status === 401 || status === 403) return `Give its key in CUTPOINT_${who.toUpperCase()}_KEY, and start again.`;
  if (status === 404 && who === 'retriever') return 'Check its address, which ends with /retrieve for most.';
  if (status === 404) return 'Check the address, which ends with /v1 for most servers, and the name of the model.';
  return status === 429 || status >= 500 ? 'Look at what the server prints, then try again.' : '';
}

/** OpenAI's `error.message`, vLLM's `message`, FastAPI's `detail`. */
function messageIn(value: JsonObject): string | null {
  const error = isObject(value['error']) ? value['error'] : value;
  const { detail } = value;
  return text(error['message']) ?? (detail === undefined ? text(value['error']) : JSON.stringify(detail));
}

function noAnswer(path: LivePath, what: string, answer: unknown): UserError {
  const said = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return new UserError(
    `${whoOf(path)} answered ${WHAT[path]} with something else: ${what}. It said: ${said.slice(0, MOST_TOLD)}`,
    'Check its address, and what it serves.',
  );
}
