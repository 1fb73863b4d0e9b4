import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Follower } from '../../src/rollouts/follow/follower';
import { FOLLOWED as FOLLOWED_BY_PAGE } from '../../src/rollouts/follow/folder';
import { serverFolder } from '../../src/rollouts/follow/server-folder';
import { FOLLOWED, followHandler, followPlugin } from './follow-server.mjs';

let base = '';
let folder = '';
let server;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'cutpoint-follow-'));
  folder = join(base, 'run');
  await mkdir(join(folder, 'step_1', '.hidden'), { recursive: true });
  await mkdir(join(base, 'elsewhere'));
  for (const [name, text] of [
    ['1.jsonl', '0123456789'],
    ['weights.safetensors', 'x'],
    ['.secret.jsonl', 'x'],
    ['step_1/2.jsonl', 'two'],
    ['step_1/.hidden/3.jsonl', 'x'],
    ['empty.json', ''],
  ]) {
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(base, 'outside.jsonl'), 'secret');
  await writeFile(join(base, 'elsewhere', 'o.jsonl'), 'secret');
  await symlink(join(base, 'outside.jsonl'), join(folder, 'link.jsonl'));
  await symlink(join(base, 'elsewhere'), join(folder, 'linked'));
  await mkdir(join(folder, 'folder.jsonl'));
  const follow = followHandler(folder);
  server = createServer((asked, response) => follow(asked, response, () => response.writeHead(299).end('the page')));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(base, { recursive: true });
});

/** As it is sent: `fetch` would mend paths and refuse headers. */
function ask(path, headers = {}, method = 'GET') {
  const { port } = server.address();
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host: `localhost:${port}`, ...headers } });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.end();
  });
}
const part = (name, range = 'bytes=0-99', headers = {}) =>
  ask(`/follow/file?name=${encodeURIComponent(name)}`, { range, ...headers });

describe('the folder that the server hands out', () => {
  it('is listed: files of rollouts alone, nothing hidden, no link', async () => {
    const { status, text, headers } = await ask('/follow/list');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    const files = JSON.parse(text);
    expect(files.map(({ name, size }) => [name, size]).sort()).toEqual([
      ['1.jsonl', 10],
      ['empty.json', 0],
      ['step_1/2.jsonl', 3],
    ]);
    expect(files.every(({ modified }) => Date.now() - modified < 60_000)).toBe(true);
  });

  it.each([
    ['1.jsonl', 'bytes=0-3', '0123', 'bytes 0-3/10'],
    ['1.jsonl', 'bytes=8-99', '89', 'bytes 8-9/10'],
    ['step_1/2.jsonl', 'bytes=0-0', 't', 'bytes 0-0/3'],
  ])('gives %s, %s', async (name, range, text, told) => {
    const answer = await part(name, range);
    expect(answer).toMatchObject({ status: 206, text });
    expect(answer.headers).toMatchObject({
      'content-range': told,
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each(['bytes=10-12', 'bytes=5-2', 'bytes=-3', 'bytes=0-', '', 'bytes=0-1,3-4'])(
    'refuses the range %s',
    async (range) => {
      expect(await part('1.jsonl', range)).toMatchObject({ status: 416, text: '' });
    },
  );

  it.each([
    '../outside.jsonl',
    'step_1/../1.jsonl',
    'step_1/../../outside.jsonl',
    '..\\outside.jsonl',
    '/etc/passwd.jsonl',
    './1.jsonl',
    'step_1//2.jsonl',
    '1.jsonl\0.jsonl',
    'link.jsonl',
    'linked/o.jsonl',
    '.secret.jsonl',
    'step_1/.hidden/3.jsonl',
    'weights.safetensors',
    'folder.jsonl',
    'missing.jsonl',
    '',
  ])('has no file %j', async (name) => {
    expect(await part(name)).toMatchObject({ status: 404, text: '' });
  });

  it.each([
    ['another name of this machine', { host: 'evil.example:80' }],
    ['a name that begins like ours', { host: 'localhost.evil.example' }],
    ['another page', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://localhost:1' }],
  ])('is not there for %s', async (_, headers) => {
    expect(await ask('/follow/list', headers)).toMatchObject({ status: 404, text: '' });
    expect(await part('1.jsonl', 'bytes=0-3', headers)).toMatchObject({ status: 404, text: '' });
  });

  it.each([
    ['POST', '/follow/list'],
    ['HEAD', '/follow/list'],
    ['GET', '/follow/'],
    ['GET', '/follow/1.jsonl'],
    ['GET', '/follow/list/1.jsonl'],
  ])('answers no %s %s', async (method, path) => {
    expect(await ask(path, {}, method)).toMatchObject({ status: 404 });
  });

  it('leaves every other path to the page', async () => {
    expect((await ask('/followers')).status).toBe(299);
    expect((await ask('/')).status).toBe(299);
  });

  it('is followed by the page', async () => {
    const follower = new Follower(serverFolder(`http://127.0.0.1:${server.address().port}/`, 'run'));
    const path = join(folder, 'step_1', 'grows.jsonl');
    const line = (question) =>
      `${JSON.stringify({ question, completion: '<answer>a</answer>', gold: 'a', step: 1 })}\n`;
    await writeFile(path, line('p'));
    await writeFile(join(folder, 'whole.json'), `[${line('q')}]`);
    expect((await follower.look()).fresh?.table.questions).toEqual(['p']);
    await writeFile(path, line('p') + line('r'));
    expect((await follower.look()).fresh?.table.questions).toEqual(['p', 'r', 'q']);
    await rename(folder, `${folder}-old`);
    expect((await follower.look()).remarks[0]).toMatch('run is not there.');
    await rename(`${folder}-old`, folder);
    expect((await follower.look()).remarks).toEqual([]);
    await rm(path);
    await rm(join(folder, 'whole.json'));
  });

  it('may go and come back', async () => {
    await rename(folder, `${folder}-old`);
    expect(await ask('/follow/list')).toMatchObject({ status: 404 });
    await rename(`${folder}-old`, folder);
    expect(await part('1.jsonl')).toMatchObject({ status: 206 });
  });
});

it('takes the same files as the page, and tells it the name of the folder alone', () => {
  expect(String(FOLLOWED)).toBe(String(FOLLOWED_BY_PAGE));
  expect(JSON.stringify(followPlugin('/home/me/run').transformIndexHtml())).not.toContain('home');
});
