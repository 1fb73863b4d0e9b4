/** What `npm start` serves, and to whom: Vite with the project's own configuration. */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from './lib/paths.mjs';

let server;
let outside;

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'cutpoint-outside-'));
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  server = await createServer({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { port: 0, hmr: false, watch: null },
  });
  await server.listen();
});

afterAll(async () => {
  await server.close();
  rmSync(outside, { recursive: true, force: true });
});

/** By Node's own client: fetch() does not send another host, and shortens paths. */
function ask(path, host = 'localhost') {
  const { address, port } = server.httpServer.address();
  return new Promise((resolve, reject) => {
    get({ host: address, port, path, headers: { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

it('listens on loopback alone', () => {
  expect(['127.0.0.1', '::1']).toContain(server.httpServer.address().address);
});

it('serves the project', async () => {
  expect(await ask('/src/lib/assert.ts')).toMatchObject({ status: 200 });
});

it.each([
  ['by its path', (file) => `/@fs${file}`],
  ['as raw text', (file) => `/@fs${file}?raw`],
  ['as an address', (file) => `/@fs${file}?import&url&raw??`],
  ['by a way up', (file) => `/src/../../../../../../..${file}`],
  ['by an encoded way up', (file) => `/src/%2e%2e/%2e%2e/%2e%2e/%2e%2e${file}`],
])('serves nothing outside of it, %s', async (_, pathOf) => {
  const { text } = await ask(pathOf(join(outside, 'secret.txt')));
  expect(text).not.toBe('secret');
  expect(text).not.toContain('"secret"');
});

it('serves nothing of the history', async () => {
  expect((await ask(`/@fs${ROOT}/.git/config`)).text).not.toContain('repositoryformatversion');
});

it.each(['evil.example', 'localhost.evil.example', '10.0.0.1.nip.io'])('answers no other host: %s', async (host) => {
  expect((await ask('/src/lib/assert.ts', host)).status).toBe(403);
});
