import { createServer, request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, it, describe, vi } from 'vitest';
import { liveHandler, livePlugin, urlProblem } from './live-server.mjs';

const TOKEN = 'only-this-page';
/** What came to the model server, which others must not reach. */
let asked = [];
let answer = (response) => response.end('{"ok":1}');
let model, elsewhere, page;
let elsewhereAsked = 0;

const listen = (handler) =>
  new Promise((resolve) => {
    const server = createServer(handler);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
const urlOf = (server) => `http://127.0.0.1:${server.address().port}`;

beforeAll(async () => {
  model = await listen((sent, response) => {
    let body = '';
    sent.on('data', (part) => (body += part));
    sent.on('end', () => {
      asked.push({ url: sent.url, method: sent.method, headers: sent.headers, body });
      answer(response);
    });
  });
  elsewhere = await listen((_, response) => {
    elsewhereAsked += 1;
    response.end('{}');
  });
  const servers = { model: `${urlOf(model)}/v1/`, modelName: null, retriever: `${urlOf(model)}/retrieve`, judge: null };
  const live = liveHandler(servers, TOKEN, { asked: 2 ** 20, answered: 2 ** 20, ms: 500 });
  page = await listen((sent, response) => live(sent, response, () => response.writeHead(299).end('the page')));
});
afterEach(() => {
  asked = [];
  answer = (response) => response.end('{"ok":1}');
  vi.unstubAllEnvs();
});
afterAll(() => {
  for (const server of [model, elsewhere, page]) {
    server.close();
    server.closeAllConnections();
  }
});

/** As it is sent: `fetch` would mend paths and refuse headers. */
function ask(path, { headers = {}, method = 'POST', body = '{"prompt":"a"}' } = {}) {
  const { port } = page.address();
  const own = { host: `localhost:${port}`, 'x-cutpoint-token': TOKEN, ...headers };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: own, agent: false });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.end(method === 'GET' ? '' : body);
  });
}

describe('what the page asks', () => {
  it.each([
    ['/live/model/completions', 'POST', '/v1/completions'],
    ['/live/model/models', 'GET', '/v1/models'],
    ['/live/retriever', 'POST', '/retrieve'],
  ])('%s is passed on, with its key and without anything else of the page', async (path, method, url) => {
    vi.stubEnv('CUTPOINT_MODEL_KEY', 'secret');
    const cookie = { cookie: 'mine=1', referer: 'http://localhost/x', authorization: 'Bearer other' };
    const given = await ask(path, { method, headers: { ...cookie, 'sec-fetch-site': 'same-origin' } });
    expect(given).toMatchObject({ status: 200, text: '{"ok":1}' });
    expect(given.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(asked).toMatchObject([{ url, method, body: method === 'GET' ? '' : '{"prompt":"a"}' }]);
    const [{ headers }] = asked;
    expect(headers.authorization).toBe(path === '/live/retriever' ? undefined : 'Bearer secret');
    for (const name of ['cookie', 'referer', 'x-cutpoint-token', 'origin']) expect(headers[name]).toBeUndefined();
  });

  it('comes back with the status of the server', async () => {
    answer = (response) => response.writeHead(404).end('{"error":{"message":"no such model"}}');
    expect(await ask('/live/model/completions')).toMatchObject({
      status: 404,
      text: '{"error":{"message":"no such model"}}',
    });
  });

  it.each([
    ['is not there', (response) => response.destroy(), 502, /does not answer: ECONNRESET. Is it running/],
    ['says nothing', () => undefined, 504, /no whole answer within 0.5 s/],
    [
      'sends elsewhere',
      (response) => response.writeHead(307, { location: `${urlOf(elsewhere)}/v1/completions` }).end(),
      502,
      /sends elsewhere, with status 307/,
    ],
    [
      'does not end',
      (response) => {
        const piece = Buffer.alloc(2 ** 18);
        const more = () => !response.destroyed && response.write(piece, more);
        more();
      },
      502,
      /more than 1 MiB/,
    ],
  ])('of a server that %s is told in words', async (_, how, status, words) => {
    answer = how;
    const given = await ask('/live/model/completions');
    expect(given.status).toBe(status);
    expect(JSON.parse(given.text).error.message).toMatch(words);
    expect(elsewhereAsked).toBe(0);
  });

  it('is not passed on where it is too large', async () => {
    const given = await ask('/live/model/completions', { body: Buffer.alloc(2 ** 20 + 1) });
    expect(given.status).toBe(413);
    expect(asked).toEqual([]);
  });

  it('ends at the server too where the page goes', async () => {
    const ended = new Promise((resolve) => {
      answer = (response) => response.once('close', resolve);
    });
    const controller = new AbortController();
    const headers = { 'x-cutpoint-token': TOKEN, host: `localhost:${page.address().port}` };
    const path = `${urlOf(page)}/live/model/completions`;
    const sent = fetch(path, { method: 'POST', headers, body: '{}', signal: controller.signal });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    controller.abort();
    await expect(sent).rejects.toThrow();
    await ended;
  });
});

describe('others get nothing, and the server hears nothing', () => {
  it.each([
    ['without the token', { headers: { 'x-cutpoint-token': '' } }],
    ['with another token', { headers: { 'x-cutpoint-token': 'only-that-page' } }],
    ['under another name', { headers: { host: 'evil.example:80' } }],
    ['under a name that begins like ours', { headers: { host: 'localhost.evil.example' } }],
    ['another page', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['another port of this machine', { headers: { 'sec-fetch-site': 'same-site' } }],
    ['another origin', { headers: { origin: 'http://localhost:1' } }],
    ['a page of a file', { headers: { origin: 'null' } }],
    ['who asks first', { method: 'OPTIONS', headers: { 'access-control-request-headers': 'x-cutpoint-token' } }],
    ['another method', { method: 'GET' }],
  ])('%s', async (_, how) => {
    const given = await ask('/live/model/completions', how);
    expect(given).toMatchObject({ status: 404, text: '' });
    expect(given.headers['access-control-allow-origin']).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each([
    '/live/',
    '/live/model',
    '/live/model/completions/..',
    '/live/model/chat/completions',
    '/live/judge/chat',
    '/live/model/%63ompletions',
    '/live/constructor',
  ])('of %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, text: '' });
    expect(asked).toEqual([]);
  });

  it('and every other path is left to the page', async () => {
    expect((await ask('/')).status).toBe(299);
    expect((await ask('/lively')).status).toBe(299);
  });
});

it('gives each start another token, to the page alone, and lets no other origin read the page', () => {
  const servers = { model: 'http://localhost:1/v1', modelName: null, retriever: null, judge: null };
  const [a, b] = [1, 2].map(() => livePlugin(JSON.stringify(servers)));
  const [meta] = a.transformIndexHtml();
  expect(JSON.parse(meta.attrs.content)).toMatchObject(servers);
  const tokens = [a, b].map((plugin) => JSON.parse(plugin.transformIndexHtml()[0].attrs.content).token);
  expect(tokens[0]).toMatch(/^[\w-]{43}$/);
  expect(tokens[0]).not.toBe(tokens[1]);
  expect(a.config()).toEqual({ server: { cors: false } });
  expect(a.apply).toBe('serve');
});

it.each([
  ['model', 'localhost:8000', /needs an address/],
  ['model', 'file:///etc/passwd', /needs an address/],
  ['retriever', '', /needs an address.*retrieve/],
  ['model', 'http://me:secret@localhost:8000/v1', /CUTPOINT_MODEL_KEY/],
  ['judge', 'http://localhost:8000/v1?key=1', /without "\?"/],
])('--%s %s is refused in words', (flag, given, words) => {
  expect(urlProblem(flag, given)).toMatch(words);
  expect(urlProblem('model', 'http://localhost:8000/v1')).toBeUndefined();
});
