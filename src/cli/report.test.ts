/** npm run report on folders as runs leave them, and on what is none. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configForPreset, type PresetId } from '../config/schema';
import { fakeStudy } from '../testing/page/fake-runs';
import { runCommand } from './run-command';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (...path: string[]) => join(folder, ...path);
const report = (...args: string[]) => runCommand('report', args);
const jsonl = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A run folder of three updates that ended at the given EM; `weights` stands for what it learned. */
function makeRun(name: string, preset: PresetId, seed: number, em: number, weights = 'w'): string {
  const config = configForPreset(preset, { worldSeed: seed, initSeed: seed, runSeed: seed });
  const summary = {
    format: 'cutpoint-summary/1',
    program: '0.1.0',
    config,
    world: { id: 'microwiki', ceilings: { perfectReaderEm: 0.96 } },
    adapter: { description: 'fake' },
    base: `warm start of this run, seed ${seed}`,
    parameters: 10,
    updates: 3,
    weightsHash: weights,
  };
  mkdirSync(at(name), { recursive: true });
  writeFileSync(at(name, 'summary.json'), JSON.stringify(summary));
  writeFileSync(
    at(name, 'metrics.jsonl'),
    jsonl([1, 2, 3].map((update) => ({ update, sampledTokens: 100, emDraft: em }))),
  );
  const evaluations = [0, 3].map((update) => ({ update, questions: 64, emSampled: (em * update) / 3, emGreedy: em }));
  writeFileSync(at(name, 'evaluations.jsonl'), jsonl(evaluations));
  return at(name);
}

it('compares a folder of runs, keeps them in a summaries file, and says the same from the file alone', async () => {
  for (const seed of [1, 2, 3]) {
    makeRun(`study/r1/seed-${seed}`, 'search-r1', seed, 0.5 + seed / 50);
    makeRun(`study/r2/seed-${seed}`, 'search-r2', seed, 0.6 + seed / 50 + seed / 500);
  }
  rmSync(at('study/r2/seed-3/summary.json'));
  const first = await report(at('study'), '--summaries', at('kept/runs.jsonl'), '--out', at('out'));
  expect(first.code).toBe(0);
  expect(first.text).toMatch(
    /left out: .*seed-3: unfinished, 3 updates done \(npm run experiment -- --resume .*seed-3\)/,
  );
  const markdown = readFileSync(at('out', 'report.md'), 'utf8');
  // Differences 0.102 and 0.104: 12.706 sd / sqrt(2) = 0.0127 on either side.
  expect(markdown).toMatch(/\| search-r2 +\| +2 \| \+0\.103 \[\+0\.090, \+0\.116\]/);
  expect(markdown).toMatch(/`.*seed-3`: unfinished/);

  const kept = readFileSync(at('kept/runs.jsonl'), 'utf8');
  expect(kept.trimEnd().split('\n')).toHaveLength(5);
  expect(kept).not.toContain(folder);
  rmSync(at('study'), { recursive: true });
  expect((await report(at('kept/runs.jsonl'), '--out', at('again'))).code).toBe(0);
  expect(readFileSync(at('again', 'report.md'), 'utf8')).toBe(markdown.slice(0, markdown.indexOf('\n## Left out')));

  // One more run joins those that are there; the same again changes nothing.
  const late = makeRun('late', 'search-r2', 3, 0.7);
  for (let i = 0; i < 2; i++) expect((await report(late, '--summaries', at('kept/runs.jsonl'))).code).toBe(0);
  const grown = readFileSync(at('kept/runs.jsonl'), 'utf8');
  expect(grown.trimEnd().split('\n')).toHaveLength(6);
  for (const line of kept.trimEnd().split('\n')) expect(grown).toContain(line);
  expect(existsSync(at('late', 'report', 'report.md'))).toBe(true);

  // Made anew with other weights, it replaces its line, and the report says so.
  makeRun('late', 'search-r2', 3, 0.8, 'other');
  const anew = await report(late, '--summaries', at('kept/runs.jsonl'));
  expect(anew.text).toMatch(/left out: .*line 6: the same run as .*late, which ended with other weights/);
  expect(readFileSync(at('kept/runs.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(6);
});

it('refuses what is no run or of another version, with the reason', async () => {
  const message = async (...args: string[]) => {
    const { code, text } = await report(...args);
    expect(text).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    return text;
  };
  expect(await message()).toContain('Which runs?');
  expect(await message(at('none'))).toMatch(/There is no folder or file .*none/);
  expect(await message(folder)).toContain('holds no run');
  expect(await message('--basline', 'x')).toContain('Did you mean --baseline?');
  expect(await message('--seeds', '5', folder)).toContain('--seeds belongs to --power');
  expect(await message('--power', '--effect', '2', folder)).toContain('--effect must be a number above 0');
  expect(await message('--power', '--seeds', '1', folder)).toContain('The nearest valid value is 2.');
  const run = makeRun('run', 'search-r1', 1, 0.5);
  expect(await message(run, '--baseline', 'search-r3')).toMatch(/no single arm "search-r3"[^]*--baseline "search-r1"/);
  expect(await message(run, '--summaries', at('runs.json'))).toContain('must end in .jsonl');
  writeFileSync(at('run', 'summary.json'), JSON.stringify({ format: 'cutpoint-summary/9' }));
  expect(await message(run)).toContain('is of format "cutpoint-summary/9"; this version reads cutpoint-summary/1.');
  // Inside a folder of runs it is left out by name; with nothing else there is nothing to report.
  expect(await message(folder)).toMatch(/left out: .*run: .*cutpoint-summary\/9[^]*None of these runs is finished/);
  writeFileSync(at('runs.jsonl'), '{"format":"cutpoint-run/1"}\n{oops}\n{}\n');
  expect(await message(at('runs.jsonl'))).toContain('runs.jsonl, line 2 is not a JSON object.');
  writeFileSync(at('runs.jsonl'), '{"format":"cutpoint-run/9"}\n');
  expect(await message(at('runs.jsonl'))).toContain(
    'line 1 is of format "cutpoint-run/9"; this version reads cutpoint-run/1.',
  );
});

it('prints a power estimate from pilots, or for a given deviation', async () => {
  writeFileSync(
    at('pilots.jsonl'),
    jsonl(fakeStudy([{ preset: 'search-r1' }, { preset: 'search-r2', gain: 0.05 }], 3)),
  );
  const pilots = await report('--power', at('pilots.jsonl'), '--seeds', '6');
  expect(pilots.code).toBe(0);
  expect(pilots.text).toMatch(/For 6 seeds with 2000 answers each[^]*\| search-r2 +\| emSampled \| +3 \|/);
  const given = await report('--power', '--sd', '0.03');
  expect(given).toMatchObject({ code: 0 });
  expect(given.text).toMatch(/^\| 5 .*0\.050 \| +0\.79 \|/m);
});
