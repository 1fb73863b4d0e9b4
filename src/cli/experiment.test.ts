/** Bad input to the headless commands: a message that helps, exit code 2, and no stack trace. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configForPreset } from '../config/schema';
import { encodeSafetensors } from '../models/safetensors';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'experiment-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

class Exit extends Error {
  constructor(readonly code: unknown) {
    super(`exit ${String(code)}`);
  }
}

/** Runs the command as its process would, up to its exit, without opening a device. */
async function run(command: 'experiment' | 'pretrain', args: string[]) {
  const lines: string[] = [];
  const log = (...parts: unknown[]) => lines.push(parts.join(' '));
  const [argv, listeners] = [process.argv, process.listeners('SIGINT')];
  process.argv = [process.execPath, `${command}.mjs`, ...args];
  const spies = [
    vi.spyOn(console, 'error').mockImplementation(log),
    vi.spyOn(console, 'log').mockImplementation(log),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(code);
    }),
  ];
  vi.resetModules();
  try {
    await (command === 'experiment' ? import('./experiment') : import('./pretrain'));
    throw new Error('the command came to no end');
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, text: lines.join('\n') };
  } finally {
    process.argv = argv;
    for (const spy of spies) spy.mockRestore();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      for (const listener of process.listeners(signal)) {
        if (!listeners.includes(listener)) process.removeListener(signal, listener);
      }
    }
  }
}

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
  ['a folder as base', () => ['--init', folder], /is a folder/],
  ['a folder that holds no run', () => ['--resume', folder], /holds no checkpoint\.safetensors/],
  ['a resumed run with settings', () => ['--resume', folder, '--seed', '2'], /keeps its settings/],
  [
    'a folder that holds a run',
    () => (file('metrics.jsonl', ''), ['--init', 'warm', '--out', folder]),
    /already holds a run/,
  ],
  ['a file as run folder', () => ['--init', 'warm', '--out', file('out', '')], /cannot be made a folder/],
  [
    'a checkpoint cut off',
    () => (file('checkpoint.safetensors', 'abc'), ['--resume', folder]),
    /not a usable checkpoint/,
  ],
  [
    'weights in place of a checkpoint',
    () => (file('checkpoint.safetensors', checkpoint({ format: 'cutpoint-base/1' })), ['--resume', folder]),
    /"cutpoint-base\/1"; this version reads/,
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
];

describe('bad input to experiment', () => {
  it.each(CASES)('%s: a message and exit 2', async (_, args, message) => {
    const { code, text } = await run('experiment', args());
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  it('is met by pretrain the same way', async () => {
    const { code, text } = await run('pretrain', ['--set', 'size=tinny']);
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
  const { code, text } = await run('experiment', ['--help']);
  expect(code).toBe(0);
  expect(text).toContain('groupSize');
});
