/** What a client of the interface meets: answers, and refusals in the shape that it expects. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { openTestGpu } from '../../testing/engine/warm-learner';
import type { Completion } from './completions';
import { openModel } from './open-model';
import type { FoundDocument } from './retriever';
import { startServer, type RunningServer } from './start-server';

let served: RunningServer;
beforeAll(async () => {
  const model = await openModel('microwiki-tiny', undefined);
  served = await startServer(model, { host: '127.0.0.1', port: 0, heldOut: 0 }, await openTestGpu());
});
afterAll(() => {
  served.server.close();
  served.gpu.close();
});

type Json = Record<string, unknown>;
interface Answer {
  status: number;
  body: unknown;
}

async function ask(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${served.url}${path}`, { method, ...(body !== undefined && { body: text }) });
  const value: unknown = JSON.parse(await response.text());
  return { status: response.status, body: value };
}

const isCompletion = (value: unknown): value is Completion =>
  typeof value === 'object' && value !== null && 'choices' in value && Array.isArray(value.choices);

function completion(value: unknown): Completion {
  if (isCompletion(value)) return value;
  throw new Error(`no completion: ${JSON.stringify(value)}`);
}

const complete = async (body: Json) => completion((await ask('/v1/completions', body)).body);
const textsOf = ({ choices }: Completion) => choices.map(({ text }) => text);

interface Scored {
  document: FoundDocument;
  score: number;
}
const isScored = (one: unknown): one is Scored => typeof one === 'object' && one !== null && 'score' in one;

function listsOf(body: unknown): unknown[][] {
  const found = typeof body === 'object' && body !== null && 'result' in body ? body.result : null;
  return Array.isArray(found) ? found.filter((list: unknown): list is unknown[] => Array.isArray(list)) : [];
}

/** With headers that fetch does not let anybody set. */
function withHeaders(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${served.url}/v1/models`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

const QUESTION = '<bos> relation:capital country:Fenwick ?';

describe('completions', () => {
  it('of n choices are those of n seeds, alone or beside others, in any form of the prompt', async () => {
    const asked = { max_tokens: 12, temperature: 1.5 };
    const three = textsOf(await complete({ ...asked, prompt: QUESTION, seed: 40, n: 3 }));
    expect(new Set(three).size).toBeGreaterThan(1);
    const single = async (seed: number) => textsOf(await complete({ ...asked, prompt: QUESTION, seed }))[0];
    expect(await Promise.all([40, 41, 42].map(single))).toEqual(three);
    expect(await single(41)).toBe(three[1]);
    const listed = await complete({ ...asked, prompt: [QUESTION, QUESTION], seed: [42, 40], return_token_ids: true });
    expect(textsOf(listed)).toEqual([three[2], three[0]]);
    const ids = listed.choices[0]!.prompt_token_ids;
    expect(textsOf(await complete({ ...asked, prompt: ids, seed: 41 }))).toEqual([three[1]]);
    expect(textsOf(await complete({ ...asked, prompt: [ids, ids], seed: 42 }))).toEqual([three[2], three[2]]);
    expect(listed.usage).toMatchObject({ prompt_tokens: 8 });
    expectSchema('completion', [listed]);
  });

  it('are those of every digit of a seed that is text', async () => {
    const asked = { prompt: QUESTION, max_tokens: 24 };
    const [, second] = textsOf(await complete({ ...asked, seed: '9007199254740992', n: 2 }));
    expect(textsOf(await complete({ ...asked, seed: '9007199254740993' }))).toEqual([second]);
    expect(textsOf(await complete({ ...asked, prompt: [QUESTION, QUESTION], seed: [40, '41'] }))).toEqual(
      textsOf(await complete({ ...asked, seed: 40, n: 2 })),
    );
  });

  it('end at a stop word, without it or with it, and greedy ones need no seed', async () => {
    const asked = { prompt: QUESTION, max_tokens: 16, temperature: 0, stop: ['</search>'] };
    const dropped = await complete(asked);
    expect(textsOf(dropped)[0]).toMatch(/<search> [^<]+ $/);
    expect(dropped.choices[0]).toMatchObject({ finish_reason: 'stop', stop_reason: '</search>' });
    const kept = await complete({ ...asked, include_stop_str_in_output: true });
    expect(textsOf(kept)[0]).toBe(`${textsOf(dropped)[0]!}</search>`);
    expect((await complete({ ...asked, max_tokens: 3 })).choices[0]).toMatchObject({ finish_reason: 'length' });
  });

  it('tell log-probabilities, of an echoed prompt the same as when it was written', async () => {
    const wrote = await complete({ prompt: QUESTION, max_tokens: 6, seed: 3, logprobs: 2 });
    const [choice] = wrote.choices;
    const lists = choice!.logprobs!;
    const whole = `${QUESTION}${choice!.text}`;
    const scored = await complete({ prompt: whole, max_tokens: 0, echo: true, logprobs: 1 });
    const echoed = scored.choices[0]!.logprobs!;
    expect(echoed.tokens.join('')).toBe(whole);
    expect(echoed.token_logprobs[0]).toBeNull();
    expect(echoed.tokens.slice(4)).toEqual(lists.tokens);
    expect(echoed.text_offset.slice(4)).toEqual(lists.text_offset);
    lists.token_logprobs.forEach((logProb, i) => {
      expect(echoed.token_logprobs[4 + i]).toBeCloseTo(logProb!, 4);
      const top = lists.top_logprobs![i]!;
      expect(Object.keys(top)).toHaveLength(2);
      expect(Math.max(...Object.values(top))).toBeGreaterThanOrEqual(logProb! - 1e-4);
    });
  });

  it('stream the same text, and hold back what may become a stop word', async () => {
    const asked = { prompt: QUESTION, max_tokens: 16, seed: 5, stop: '</search>' };
    const [whole] = textsOf(await complete(asked));
    const body = JSON.stringify({ ...asked, stream: true, stream_options: { include_usage: true } });
    const response = await fetch(`${served.url}/v1/completions`, { method: 'POST', body });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text()).split('\n\n').filter((line) => line !== '');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((line) => completion(JSON.parse(line.slice('data: '.length))));
    expectSchema('completion', chunks);
    const told = chunks.flatMap(({ choices }) => choices);
    expect(told.map(({ text }) => text).join('')).toBe(whole);
    expect(told.length).toBeGreaterThan(3);
    expect(told.at(-1)).toMatchObject({ finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 4 } });
  });

  it.each([
    ['no JSON', '{', 400, null],
    ['a list', [1], 400, null],
    ['no prompt', {}, 400, 'prompt'],
    ['an empty prompt', { prompt: '' }, 400, 'prompt'],
    ['an unknown word', { prompt: 'hello' }, 400, 'prompt'],
    ['an unknown token', { prompt: [1, 999_999] }, 400, 'prompt'],
    ['another model', { prompt: '?', model: 'gpt' }, 404, 'model'],
    ['too long', { prompt: QUESTION, max_tokens: 254 }, 400, 'prompt'],
    ['no tokens', { prompt: '?', max_tokens: 0 }, 400, 'max_tokens'],
    ['a seed that is none', { prompt: '?', seed: 1.5 }, 400, 'seed'],
    ['a seed of letters', { prompt: '?', seed: 'x' }, 400, 'seed'],
    ['a seed of 65 bits', { prompt: '?', seed: '18446744073709551616' }, 400, 'seed'],
    ['too few seeds', { prompt: ['?', '?'], seed: [1] }, 400, 'seed'],
    ['too many choices', { prompt: '?', n: 1000 }, 400, 'n'],
    ['a temperature that is none', { prompt: '?', temperature: -1 }, 400, 'temperature'],
    ['an empty stop word', { prompt: '?', stop: [''] }, 400, 'stop'],
    ['an unknown key', { prompt: '?', beams: 3 }, 400, 'beams'],
    ['a key that it does not do', { prompt: '?', best_of: 3 }, 400, 'best_of'],
  ])('refuse %s', async (_, body, status, param) => {
    const answer = await ask('/v1/completions', body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(JSON.stringify(answer.body)).toMatch(/"message":"[^"]+.*"code":(null|"\w+")/);
  });
});

describe('the rest of the server', () => {
  it('names its model', async () => {
    const { body } = await ask('/v1/models');
    const model = { id: 'microwiki-tiny', object: 'model', owned_by: 'cutpoint', max_model_len: 256 };
    expect(body).toMatchObject({ object: 'list', data: [model] });
    expect((await ask('/v1/models/microwiki-tiny')).body).toMatchObject(model);
    expect((await ask('/v1/models/other')).status).toBe(404);
    expect((await ask('/v1/chat/completions', {})).status).toBe(404);
    expect((await ask('/v1/completions')).status).toBe(405);
    expect((await ask('/health')).status).toBe(200);
  });

  it('retrieves as Search-R1 does', async () => {
    const queries = ['relation:capital country:Fenwick', 'nothing'];
    const scored = await ask('/retrieve', { queries, topk: 2, return_scores: true });
    expectSchema('retrieved', [scored.body]);
    const [first, second] = listsOf(scored.body).map((list) => list.filter(isScored));
    expect([first!.length, second!.length]).toEqual([2, 2]);
    expect(first![0]!.document.contents).toMatch(/^"\w+"\nsource:\w+ country:Fenwick relation:capital city:/);
    expect(first![0]!.score).toBeGreaterThan(second![0]!.score);
    const plain = await ask('/retrieve', { queries });
    expectSchema('retrieved', [plain.body]);
    expect(listsOf(plain.body)[0]).toHaveLength(3);
    expect(listsOf(plain.body)[0]![0]).toEqual(first![0]!.document);
    const other = await ask('/retrieve', { queries, world_seed: 5 });
    expect(other.body).not.toEqual(plain.body);
    const wrong = await ask('/retrieve', { query: 'x' });
    expect(wrong).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'queries'], type: 'missing' }] } });
    expect((await ask('/retrieve', { queries: [1] })).status).toBe(422);
    expect((await ask('/retrieve', { queries, topk: 0 })).status).toBe(422);
  });

  it('gives other pages and other names nothing', async () => {
    const { host } = new URL(served.url);
    expect(await withHeaders({ host })).toBe(200);
    expect(await withHeaders({ host: 'localhost:80' })).toBe(200);
    expect(await withHeaders({ host: 'evil.example' })).toBe(403);
    expect(await withHeaders({ host, origin: 'https://evil.example' })).toBe(403);
    expect(await withHeaders({ host, 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});
