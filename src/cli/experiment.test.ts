/** Bad input to the headless commands: a message that helps, exit code 2, and no stack trace. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configForPreset } from '../config/schema';
import { encodeSafetensors } from '../formats/safetensors';
import { runCommand } from './run-command';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'experiment-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const GOOD = 'Ada\tborn in\tArden\nArden\tcountry\tAldovia\n';
/** Header of a run checkpoint, without its tensors. */
const checkpoint = (metadata: Record<string, string>) => encodeSafetensors([], metadata);
const CONFIG = JSON.stringify(configForPreset('search-r2'));

const CASES: [name: string, args: () => string[], message: RegExp][] = [
  ['an unknown preset', () => ['--preset', 'serch-r2'], /serch-r2.*\n.*nearest valid value is search-r2/],
  ['an unknown setting', () => ['--set', 'groupsise=8'], /groupsise[^]*groupSize/],
  ['a value out of range', () => ['--set', 'groupSize=1000'], /groupSize[^]*32/],
  ['a value that is no number', () => ['--set', 'learningRate=fast'], /learningRate[^]*fast/],
  ['a flag that is a setting', () => ['--groupSize', '8'], /--set groupSize=/],
  ['an unknown world', () => ['--world', 'microwki'], /microwki[^]*Did you mean microwiki/],
  ['updates below 0', () => ['--updates=-1'], /--updates must be an integer from 0[^]*nearest valid value is 0/],
  ['a missing world file', () => ['--world', join(folder, 'none.tsv')], /There is no file .*none\.tsv/],
  ['a folder as world', () => ['--world', `${folder}/`], /is a folder/],
  ['a ragged file', () => ['--world', file('w.tsv', `${GOOD}Ada\tborn in\n`)], /Line 3: 2 columns instead of 3/],
  ['an empty file', () => ['--world', file('w.tsv', '')], /holds no facts/],
  ['a binary file', () => ['--world', file('w.tsv', Uint8Array.of(65, 9, 0, 255, 10))], /Line 1: .*not a text file/],
  ['a base that is not there', () => ['--init', join(folder, 'none.safetensors')], /There is no file .*none/],
  ['a folder without weights as base', () => ['--init', folder], /holds no model\.safetensors/],
  ['a folder that holds no run', () => ['--resume', folder], /holds no checkpoint\.safetensors/],
  ['seeds in another form', () => ['--seeds', '1-3'], /Did you mean 1\.\.3\?/],
  ['a seed twice', () => ['--seeds', '1,2,1'], /names seed 1 twice[^]*--seeds 1,2/],
  ['seed and seeds', () => ['--seed', '4', '--seeds', '1..3'], /cannot both be given[^]*--seeds 1\.\.3,4/],
  ['bases beside a file', () => ['--bases', folder, '--init', 'shipped'], /--init shipped makes none/],
  ['a file as folder of bases', () => ['--bases', file('b', ''), '--out', join(folder, 'r')], /Cannot make the folder/],
  ['a resumed run with seeds', () => ['--resume', folder, '--seeds', '1..2'], /keeps its settings/],
  ['a resumed run with settings', () => ['--resume', folder, '--seed', '2'], /keeps its settings/],
  [
    'a folder that holds a run',
    () => (file('metrics.jsonl', ''), ['--init', 'warm', '--out', folder]),
    /already holds a run/,
  ],
  [
    'a file as run folder',
    () => ['--init', 'warm', '--out', file('out', '')],
    /Cannot make the folder .*out: there is a file of that name/,
  ],
  [
    'a folder that another process uses',
    () => (file('running', `${process.pid} ${hostname()}`), ['--init', 'warm', '--out', folder]),
    /is in use by process/,
  ],
  [
    'a checkpoint cut off',
    () => (file('checkpoint.safetensors', 'abc'), ['--resume', folder]),
    /not a usable checkpoint/,
  ],
  [
    'weights in place of a checkpoint',
    () => (file('checkpoint.safetensors', checkpoint({ format: 'cutpoint-base/1' })), ['--resume', folder]),
    /holds weights alone/,
  ],
  [
    'a checkpoint with a broken configuration',
    () => (
      file('checkpoint.safetensors', checkpoint({ format: 'cutpoint-checkpoint/1', config: '{' })),
      ['--resume', folder]
    ),
    /configuration/,
  ],
  [
    'a checkpoint with settings from elsewhere',
    () => (
      file(
        'checkpoint.safetensors',
        checkpoint({ format: 'cutpoint-checkpoint/1', config: CONFIG.replace('"groupSize":8', '"groupSize":800') }),
      ),
      ['--resume', folder]
    ),
    /groupSize[^]*32/,
  ],
  [
    'a resumed run whose facts are gone',
    () => {
      const metadata = { format: 'cutpoint-checkpoint/1', world: 'family', config: CONFIG, update: '1' };
      file('checkpoint.safetensors', checkpoint(metadata));
      return ['--resume', folder];
    },
    /was trained on facts of its own \("family"\), and its world\.tsv is gone[^]*Put the file of those facts there again/,
  ],
  [
    'a place that can hold no folders',
    () => ['--init', 'warm', '--out', '/proc/none/run'],
    /Cannot make the folder .*none[^]*Name another folder/,
  ],
];

describe('bad input to experiment', () => {
  it.each(CASES)('%s: a message and exit 2', async (_, args, message) => {
    const { code, text } = await runCommand('experiment', args());
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  it('is met by pretrain the same way', async () => {
    const { code, text } = await runCommand('pretrain', ['--set', 'size=tinny']);
    expect([code, text]).toEqual([2, expect.stringMatching(/tinny[^]*tiny/)]);
  });

  it('ends the real process with exit 2 and the message alone on stderr', () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ['scripts/cli.mjs', 'experiment', '--preset', 'refiner', '--world', 'atlas'],
      { cwd: ROOT, encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/not "refiner"[^]*The nearest valid value is refiner-only/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

it('--help says every setting and exits 0', async () => {
  const { code, text } = await runCommand('experiment', ['--help']);
  expect(code).toBe(0);
  expect(text).toContain('groupSize');
});
