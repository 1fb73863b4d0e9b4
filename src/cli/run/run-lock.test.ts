import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { takeFolder } from './run-lock';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'running');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('keeps a second process out until the first gives the folder back', () => {
  const release = takeFolder(folder);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
  expectSchema('running', [readFileSync(file, 'utf8')]);
  expect(() => takeFolder(folder)).toThrow(`is in use by process ${process.pid} on ${hostname()}.`);
  release();
  expect(existsSync(file)).toBe(false);
  takeFolder(folder)();
});

it('takes over what a killed process left, here at once and on another machine after a while', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(file, `${pid} ${hostname()}\n`);
  takeFolder(folder)();
  writeFileSync(file, '17 elsewhere\n');
  expect(() => takeFolder(folder)).toThrow(UserError);
  const before = new Date(Date.now() - 3_600_000);
  utimesSync(file, before, before);
  takeFolder(folder)();
  expect(existsSync(file)).toBe(false);
});
