import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { configForPreset, defaultConfig, SETTING_KEYS } from './schema';
import { flagsHelp, parseFlags } from './flags';

function errorOf(...args: string[]): string {
  try {
    parseFlags(args);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseFlags', () => {
  it('has defaults', () => {
    expect(parseFlags([])).toEqual({
      help: false,
      config: defaultConfig,
      configGiven: false,
      worldFile: undefined,
      updates: 80,
      out: undefined,
      resume: undefined,
      init: undefined,
      seeds: undefined,
      bases: undefined,
      finalQuestions: undefined,
    });
  });

  it('makes one configuration for each of --seeds; a seed that is set by hand stays', () => {
    const { seeds, configGiven } = parseFlags('--preset search-r1 --seeds 2..3 --set worldSeed=9'.split(' '));
    expect(configGiven).toBe(true);
    const seeded = (n: number) => configForPreset('search-r1', { worldSeed: 9, initSeed: n, runSeed: n });
    expect(seeds).toEqual([
      { seed: 2, config: seeded(2) },
      { seed: 3, config: seeded(3) },
    ]);
    expect(parseFlags(['--seeds', '4']).seeds).toHaveLength(1);
  });

  it('knows which flags a command takes', () => {
    expect(parseFlags(['--seed', '2', '--out', 'x'], 'pretrain').out).toBe('x');
    expect(() => parseFlags(['--seeds', '1..2'], 'pretrain')).toThrow('There is no flag "--seeds".');
    expect(() => parseFlags(['--resume', 'x'], 'profile')).toThrow('There is no flag "--resume".');
    expect(flagsHelp('pretrain')).not.toContain('--bases');
  });

  it('reads every flag, in both spellings', () => {
    const args = '--preset search-r1 --world=atlas --seed 3 --updates 5 --out runs/a --set groupSize=4 --set runSeed=9';
    const flags = parseFlags(args.split(' '));
    expect(flags.config).toEqual(
      configForPreset('search-r1', { world: 'atlas', worldSeed: 3, initSeed: 3, runSeed: 9, groupSize: 4 }),
    );
    expect(flags).toMatchObject({ updates: 5, out: 'runs/a', configGiven: true });
  });

  it('knows a resumed run from one with settings', () => {
    expect(parseFlags(['--resume', 'runs/a', '--updates', '5'])).toMatchObject({
      resume: 'runs/a',
      configGiven: false,
    });
    expect(parseFlags(['--help']).help).toBe(true);
  });

  it('reads settings with blanks around them, as a person copies them', () => {
    expect(parseFlags(['--set', ' groupSize = 4 ']).config).toEqual({ ...defaultConfig, groupSize: 4 });
    expect(parseFlags(['--set', ' size = tiny ']).config.size).toBe('tiny');
  });

  it.each([
    [['--updates', '0'], { updates: 0 }],
    [['--updates', '1000000'], { updates: 1_000_000 }],
    [['--final-questions', '8'], { finalQuestions: 8 }],
    [['--final-questions', '100000'], { finalQuestions: 100_000 }],
    [
      ['--capsule', 'run.capsule', '--capsule-trajectories', '500'],
      { capsule: 'run.capsule', capsuleTrajectories: 500 },
    ],
    [['--init', 'warm', '--bases', 'bases'], { init: 'warm', bases: 'bases' }],
  ])('takes counts up to both ends of their range: %j', (args, flags) => {
    expect(parseFlags(args)).toMatchObject(flags);
  });

  it('takes a file as world', () => {
    expect(parseFlags(['--world', 'my facts.tsv'])).toMatchObject({
      worldFile: { path: 'my facts.tsv', columns: null, part: null },
      configGiven: true,
    });
    expect(parseFlags(['--world', './triples', '--columns', '2,3,1', '--part', '7']).worldFile).toEqual({
      ...{ path: './triples', columns: [2, 3, 1], part: 7 },
    });
    for (const flags of [
      ['--columns', '1,2,2', '--world', './a'],
      ['--columns', '1,2', '--world', './a'],
      ['--part', '-1', '--world', './a'],
      ['--part', '1', '--world', 'atlas'],
    ]) {
      expect(() => parseFlags(flags)).toThrow(UserError);
    }
    expect(parseFlags(['--world', './triples']).worldFile?.path).toBe('./triples');
    expect(parseFlags(['--world', 'atlas']).worldFile).toBeUndefined();
  });

  it('suggests for every mistake', () => {
    expect(errorOf('--presett', 'x')).toBe('There is no flag "--presett". Did you mean --preset?');
    expect(errorOf('--groupSize', '4')).toBe('There is no flag "--groupSize". It is a setting: --set groupSize=VALUE');
    expect(errorOf('--learnRate=1')).toContain('Did you mean --set learningRate=VALUE?');
    expect(errorOf('--preset', 'serch-r1')).toContain('The nearest valid value is search-r1.');
    expect(errorOf('--world', 'atlsa')).toContain('Did you mean atlas?');
    expect(errorOf('--world', 'facts.tsv.gz')).toContain('There is no world "facts.tsv.gz".');
    expect(errorOf('--world', 'zzzzzzzzzz')).toMatch(
      /^There is no world "zzzzzzzzzz"\. Worlds are microwiki, atlas or/,
    );
    expect(errorOf('--zzzzzzzzzz')).toBe('There is no flag "--zzzzzzzzzz". See --help for the list.');
    expect(errorOf('--seed', '-1')).toContain('--seed must be an integer from 0 to 4294967295, not "-1"');
    expect(errorOf('--seed')).toContain('--seed needs a value.');
    expect(errorOf('--out', '--seed', '1')).toContain('--out needs a value.');
    expect(errorOf('--out=')).toContain('--out needs a value.');
    expect(errorOf('--updates', '1000001')).toContain('The nearest valid value is 1000000.');
    expect(errorOf('--capsule-trajectories', '-5')).toContain('The nearest valid value is 0.');
    expect(errorOf('--set', '=4')).toContain('--set needs key=value');
    expect(errorOf('--updates', '1.5')).toContain('The nearest valid value is 2.');
    expect(errorOf('--updates', 'many')).toContain('The nearest valid value is 80.');
    expect(errorOf('--seeds', '1-3')).toContain('Did you mean 1..3?');
    expect(errorOf('--seed', '4', '--seeds', '1..3')).toContain('--seeds 1..3,4');
    expect(errorOf('--base', '1')).toContain('Did you mean --bases?');
    expect(errorOf('--final-questions', '2e3')).toContain('The nearest valid value is 2000.');
    expect(errorOf('--final-questions', '1')).toContain('The nearest valid value is 8.');
    expect(errorOf('--set', 'groupSize')).toContain('--set needs key=value');
    expect(errorOf('--set', 'grupSize=4')).toContain('Did you mean groupSize?');
    expect(errorOf('--set', 'groupSize=400')).toContain('The nearest valid value is 32.');
    expect(errorOf('search-r1')).toContain('Unexpected argument "search-r1".');
    expect(errorOf('--set', '__proto__=1')).toContain('There is no setting "__proto__".');
  });
});

describe('flagsHelp', () => {
  it('lists every setting and preset', () => {
    const help = flagsHelp('experiment');
    for (const key of SETTING_KEYS) if (key !== 'preset') expect(help).toContain(`  ${key} `);
    expect(help).toContain('oracle-label');
    expect(help).toContain('  groupSize              ');
    expect(help).toContain('an integer from 2 to 32; default 8');
    // It has a flag of its own.
    expect(help).not.toContain('The experiment that all other settings start from.');
  });

  it('lists the flags that the command takes, with their values', () => {
    const lines = flagsHelp('profile').split('\n');
    const flags = lines.flatMap((line) => /^ {2}--([a-z-]+)/.exec(line)?.[1] ?? []);
    expect(flags).toEqual(['preset', 'world', 'columns', 'part', 'seed', 'set', 'help']);
    expect(lines[0]).toBe('Usage: npm run profile -- [flags]');
    expect(lines).toContain('  --set KEY=VALUE        changes one setting; may repeat');
  });
});
