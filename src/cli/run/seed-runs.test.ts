/** --seeds, --bases, interrupts and a disk that is full, with real runs of a tiny model. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { jsonLines, safetensorsHeader } from '../../testing/schemas/read-headers';
import { runCommand } from '../run-command';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seeds-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const SETTINGS = 'size=tiny prompts=1 groupSize=2 warmStartBatches=3 warmStartBatchSize=8 evalQuestions=8 evalEvery=1';
const SMALL = SETTINGS.split(' ').flatMap((setting) => ['--set', setting]);
const at = (...path: string[]) => join(folder, ...path);
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');
const lines = (...path: string[]) =>
  read(...path)
    .trimEnd()
    .split('\n');
const header = (...path: string[]) => safetensorsHeader(readFileSync(at(...path)));
const trajectories = (...path: string[]) => jsonLines(gunzipSync(readFileSync(at(...path))).toString('utf8'));
const experiment = (args: string, interruptAt?: RegExp) =>
  runCommand('experiment', [...SMALL, ...args.split(' ')], interruptAt);

// Several devices and warm starts: longer than other tests on a software adapter with other work beside it.
vi.setConfig({ testTimeout: 600_000 });

it('runs seeds one after the other, as single runs would, and goes on where it was left', async () => {
  const seeds = `--seeds 1..2 --bases ${at('bases')} --out ${at('all')}`;
  const first = await experiment(`${seeds} --updates 1`);
  expect(first.code).toBe(0);
  expect(readdirSync(at('bases'))).toHaveLength(2);

  // Finished ones are left as they are.
  const written = read('all', 'seed-1', 'timings.jsonl');
  const again = await experiment(`${seeds} --updates 1`);
  expect(again.code).toBe(0);
  expect(again.text).toContain('seed-2 is finished already');
  expect(again.text).not.toContain('base policy');
  expect(read('all', 'seed-1', 'timings.jsonl')).toBe(written);

  // Stopped after update 1 of seed 1 of a longer target, whose second evaluation is still due; then called again.
  const stopped = await experiment(`${seeds} --updates 2`, /^resumed/);
  expect(stopped.code).toBe(130);
  expect(stopped.text).toContain(`stopped after update 1; continue with: npm run experiment -- --set size=tiny`);
  expect(existsSync(at('all', 'seed-1', 'summary.json'))).toBe(false);
  const rest = await experiment(`${seeds} --updates 2 --final-questions 12`);
  expect(rest.code).toBe(0);

  // A single run with a warm start of its own gives the same bits as one from the shared bases, resumed.
  const single = await experiment(`--seed 2 --init warm --updates 2 --final-questions 12 --out ${at('single')}`);
  expect(single.code).toBe(0);
  expect(read('all', 'seed-2', 'metrics.jsonl')).toBe(read('single', 'metrics.jsonl'));
  expect(lines('all', 'seed-2', 'evaluations.jsonl')).toEqual(lines('single', 'evaluations.jsonl'));
  expect(read('all', 'seed-2', 'summary.json')).toBe(read('single', 'summary.json'));
  expect(read('all', 'seed-1', 'metrics.jsonl')).not.toBe(read('single', 'metrics.jsonl'));
  expect(JSON.parse(lines('single', 'evaluations.jsonl').at(-1) ?? '')).toMatchObject({ update: 2, questions: 12 });

  // What it left is as docs/schema says.
  expectSchema('metrics', jsonLines(read('single', 'metrics.jsonl')));
  expectSchema('timings', jsonLines(read('single', 'timings.jsonl')));
  expectSchema('evaluations', jsonLines(read('single', 'evaluations.jsonl')));
  expectSchema('summary', [JSON.parse(read('single', 'summary.json'))]);
  expectSchema('trajectory', trajectories('single', 'trajectories.jsonl.gz'));
  expectSchema('checkpoint', [header('single', 'checkpoint.safetensors')]);
  const bases = readdirSync(at('bases'));
  expectSchema(
    'base',
    bases.map((name) => header('bases', name)),
  );
  expect((await runCommand('report', [at('single'), '--summaries', at('runs.jsonl')])).code).toBe(0);
  expectSchema('run', jsonLines(read('runs.jsonl')));

  const other = await experiment(`${seeds} --updates 2 --set groupSize=4`);
  expect(other.code).toBe(2);
  expect(other.text).toMatch(/seed-1 holds a run of other settings: groupSize 2 instead of 4\./);

  writeFileSync(at('all', 'seed-2', 'summary.json'), '{"format":"cutpoint-summary/9"}');
  const newer = await experiment(`${seeds} --updates 2`);
  expect(newer.code).toBe(2);
  expect(newer.text).toMatch(/seed-2.summary\.json is of format "cutpoint-summary\/9"; this version reads/);
});

it('stopped in its first evaluation, keeps nothing and starts again from there', async () => {
  const args = `--init warm --updates 1 --out ${at('run')}`;
  const stopped = await experiment(args, /^base policy/);
  expect(stopped.code).toBe(130);
  expect(stopped.text).toMatch(
    /stopped before there was anything to keep; continue with: .*--init warm --updates 1 --out/,
  );
  const again = await experiment(args);
  expect(again.code).toBe(0);
  expect(lines('run', 'evaluations.jsonl')).toHaveLength(2);
});

it('says that the disk is full, names the file and leaves a run that goes on', async () => {
  mkdirSync(at('run'));
  symlinkSync('/dev/full', at('run', 'timings.jsonl'));
  const full = await experiment(
    `--init warm --updates 2 --set maxRevisions=2 --set reviewGate=always --out ${at('run')}`,
  );
  expect(full.code).toBe(1);
  expect(full.text).toMatch(/Cannot write .*timings\.jsonl: the disk is full \(ENOSPC\)\./);
  expect(full.text).toContain(`continue with: npm run experiment -- --resume ${at('run')} --updates 2`);
  rmSync(at('run', 'timings.jsonl'));
  const rest = await runCommand('experiment', ['--resume', at('run'), '--updates', '2']);
  expect(rest.code).toBe(0);
  expect(lines('run', 'metrics.jsonl')).toHaveLength(2);
  // Every draft is cut, so what came of it is reviewed as well.
  const rows = trajectories('run', 'trajectories.jsonl.gz');
  expect(rows[0]).toMatchObject({ later: [{ review: {} }] });
  expectSchema('trajectory', rows);

  // More questions in the end are asked of the finished run, and nothing is trained.
  const metrics = read('run', 'metrics.jsonl');
  const more = await runCommand('experiment', ['--resume', at('run'), '--updates', '2', '--final-questions', '16']);
  expect(more.code).toBe(0);
  const evaluations = lines('run', 'evaluations.jsonl').map((line): unknown => JSON.parse(line));
  expect(evaluations).toHaveLength(3);
  expect(evaluations.at(-1)).toMatchObject({ update: 2, questions: 16 });
  expect(read('run', 'metrics.jsonl')).toBe(metrics);
});
