import { expect, it } from 'vitest';
import { liveServer, objectOf } from './live-server';
import type { LivePath } from './live-server';

/** The matcher's type is any. */
const containing = (part: string): unknown => expect.stringContaining(part);
const { signal } = new AbortController();
const saying = (body: unknown, status = 200) =>
  liveServer(() => Promise.resolve(new Response(JSON.stringify(body), { status })), null);
const retrieve = (...found: unknown[]) =>
  saying({ result: found }).retrieve(
    found.map(() => 'q'),
    3,
    null,
    signal,
  );

it.each([
  ['with a document each', [{ document: { id: '1', contents: '"T"\nsaid' }, score: 1 }]],
  ['as documents', [{ id: '1', contents: '"T"\nsaid' }]],
  ['with title and text', [{ title: 'T', text: 'said' }]],
])('a retriever may answer %s', async (_, list) => {
  expect(await retrieve(list, [])).toEqual([[{ title: 'T', text: 'said' }], []]);
});

it.each([
  ['an object of no passage', [[{ id: 7, score: 0.5 }]]],
  ['a document of none', [[{ document: { id: 7 }, score: 0.5 }]]],
  ['nothing', [null]],
  ['a number', [[3]]],
])('what a retriever answers is not taken for a passage where it is %s', async (_, found) => {
  await expect(retrieve(...found)).rejects.toThrow(
    'The retriever answered queries with something else: a passage without a text. It said: ',
  );
});

it.each<[LivePath, number, string, string]>([
  ['model/completions', 404, 'The model server refused POST /completions, with status 404: no', 'ends with /v1'],
  ['model/models', 401, 'The model server refused GET /models, with status 401: no', 'CUTPOINT_MODEL_KEY'],
  ['retriever', 403, 'The retriever refused queries, with status 403: no', 'CUTPOINT_RETRIEVER_KEY'],
  ['retriever', 404, 'The retriever refused queries, with status 404: no', '/retrieve'],
  ['judge/chat', 401, 'The judge refused POST /chat/completions, with status 401: no', 'CUTPOINT_JUDGE_KEY'],
  ['judge/models', 503, 'The judge refused GET /models, with status 503: no', 'then try again'],
])('says what %s was asked, what came back and what to do: status %d', async (path, status, message, hint) => {
  const response = new Response(JSON.stringify({ error: { message: 'no' } }), { status });
  await expect(objectOf(response, path)).rejects.toMatchObject({ message, hint: containing(hint) });
});

it('tells text from an object', async () => {
  await expect(objectOf(new Response('<html>'), 'model/models')).rejects.toMatchObject({
    message: 'The model server answered GET /models with something else: no JSON object. It said: <html>',
  });
});
