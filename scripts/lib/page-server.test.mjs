import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { servePage } from './page-server.mjs';

let folder;
let server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutpoint-server-test-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/main.js'), 'x'.repeat(10_000));
  writeFileSync(join(folder, 'base.safetensors'), Uint8Array.of(1, 2, 3));
  server = await servePage(folder);
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('serves text after gzip and everything else as it is, and tells what it sent', async () => {
  const page = await fetch(server.url);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toBe('<!doctype html>');
  expect(server.taken().map(({ file }) => file)).toEqual(['index.html']);

  const script = await fetch(new URL('assets/main.js', server.url));
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(await script.text()).toBe('x'.repeat(10_000));
  const weights = await fetch(new URL('base.safetensors', server.url));
  expect(new Uint8Array(await weights.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  const [main, base] = server.taken();
  expect(main.bytes).toBeLessThan(200);
  expect(base).toEqual({ file: 'base.safetensors', bytes: 3 });
  expect(server.taken()).toEqual([]);
});

it('has nothing but the files of the build', async () => {
  for (const path of ['missing.js', 'assets', '../package.json']) {
    expect((await fetch(new URL(path, server.url))).status, path).toBe(404);
  }
  expect(server.taken()).toEqual([]);
});
