import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { THIS_FOLDER } from './disk';
import { RunFolder } from './run-folder';

let path = '';
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => {
  rmSync(path, { recursive: true });
});

const trajectories = (folder: RunFolder) => gunzipSync(readFileSync(folder.file('trajectories'))).toString('utf8');

it('forgets what a killed run wrote after its last checkpoint, and keeps the rest byte for byte', () => {
  const folder = RunFolder.create(path);
  const write = (update: number) => {
    folder.append('metrics', { update, loss: 0.1 * update });
    folder.append('timings', { update, ms: 5 });
    folder.appendTrajectories([`{"update":${update},"row":0}`, `{"update":${update},"row":1}`]);
  };
  folder.append('evaluations', { update: 0 });
  for (const update of [1, 2]) write(update);
  const [metrics, rows] = [readFileSync(folder.file('metrics'), 'utf8'), trajectories(folder)];
  for (const update of [3, 4]) write(update);
  folder.append('evaluations', { update: 4 });
  folder.rewind(2);
  expect(readFileSync(folder.file('metrics'), 'utf8')).toBe(metrics);
  expect(trajectories(folder)).toBe(rows);
  expect(folder.readLines('evaluations')).toEqual([{ update: 0 }]);
  expect(folder.readLines('timings')).toHaveLength(2);
  expect(existsSync(folder.file('theory'))).toBe(false);
  for (const update of [0, 3]) folder.append('theory', { update });
  folder.rewind(2);
  expect(folder.readLines('theory')).toEqual([{ update: 0 }]);
  // Lines may follow again: gzip members one after the other.
  write(3);
  expect(trajectories(folder).trimEnd().split('\n')).toHaveLength(6);
});

it('replaces the checkpoint in one step and opens only where there is one', () => {
  expect(() => RunFolder.open(path)).toThrow(UserError);
  const folder = RunFolder.create(path);
  folder.writeCheckpoint(Uint8Array.of(1));
  folder.writeCheckpoint(Uint8Array.of(2, 3));
  expect([...RunFolder.open(path).readCheckpoint()]).toEqual([2, 3]);
  expect(existsSync(`${folder.file('checkpoint')}.part`)).toBe(false);
  expect(() => RunFolder.create(path)).toThrow('already holds a run');
});

it('never writes into a folder that another run wrote to', () => {
  writeFileSync(join(path, 'metrics.jsonl'), '');
  expect(() => RunFolder.create(path)).toThrow(UserError);
});

it('refuses what a newer version wrote', () => {
  writeFileSync(join(path, 'summary.json'), '{"format":"cutpoint-summary/9"}');
  const read = () => RunFolder.at(path).readSummary();
  expect(read).toThrow(UserError);
  for (const version of ['cutpoint-summary/9', 'cutpoint-summary/1']) expect(read).toThrow(version);
});

it('on a full disk is not to be another one', () => {
  const folder = RunFolder.create(path);
  folder.append('metrics', { update: 1 });
  symlinkSync('/dev/full', `${folder.file('metrics')}.${process.pid}.part`);
  let error: unknown;
  try {
    folder.rewind(1);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ hint: THIS_FOLDER });
  expect(String(error)).toMatch(/Cannot write .*metrics\.jsonl: the disk is full/);
});
