import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/assert';
import { optionsHelp, parseOptions } from './options';

function complaint(...args: string[]): { message: string; hint: string | undefined } {
  try {
    parseOptions(args);
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error(`${args.join(' ')} was accepted`);
}

describe('parseOptions', () => {
  it('runs all but growth on every engine by default', () => {
    expect(parseOptions([])).toEqual({
      works: ['matmul', 'train', 'decode', 'grpo'],
      engines: ['cutpoint', 'jax', 'tfjs'],
      rounds: 5,
      draw: undefined,
      against: undefined,
      rowsAtOnce: undefined,
      json: undefined,
      plot: undefined,
      browser: false,
      quick: false,
      help: false,
    });
  });

  it('reads lists, repeated flags and both ways of giving a value', () => {
    const options = parseOptions([
      '--only=growth',
      '--only',
      'train,matmul',
      '--draw=7',
      '--rounds',
      '12',
      '--browser',
    ]);
    expect(options.works).toEqual(['matmul', 'train', 'growth']);
    expect(options).toMatchObject({ draw: 7, rounds: 12, browser: true });
  });

  it('always has our engine, as every ratio is to it', () => {
    expect(parseOptions(['--engines', 'jax']).engines).toEqual(['cutpoint', 'jax']);
    expect(parseOptions(['--engines', 'cutpoint']).engines).toEqual(['cutpoint']);
  });

  it('compares builds by themselves', () => {
    expect(parseOptions(['--only', 'rollout', '--against', 'main'])).toMatchObject({ against: 'main' });
    expect(complaint('--only', 'train', '--against', 'main').hint).toBe('Add --only rollout.');
    expect(complaint('--only', 'rollout,train').hint).toBe('Ask for --only rollout alone.');
    expect(complaint('--only', 'rollout', '--browser').hint).toBe('Leave --browser out.');
    const rows = ['--only', 'rollout', '--rows-at-once'];
    expect(parseOptions([...rows, '2'])).toMatchObject({ against: undefined, rowsAtOnce: 2 });
    expect(complaint(...rows, '3').hint).toBe('The nearest valid value is 2.');
    expect(complaint(...rows, '1', '--against', 'main').hint).toBe('Add --only rollout, without --against.');
    expect(complaint('--only', 'train', '--rows-at-once', '1').hint).toBe('Add --only rollout, without --against.');
  });

  it('has fewer rounds with --quick, unless they are given', () => {
    expect(parseOptions(['--quick']).rounds).toBe(3);
    expect(parseOptions(['--quick', '--rounds', '9']).rounds).toBe(9);
  });

  it('suggests the nearest flag or name', () => {
    expect(complaint('--onyl', 'train')).toEqual({
      message: 'There is no flag "--onyl".',
      hint: 'Did you mean --only?',
    });
    expect(complaint('--only', 'trian').hint).toMatch(/^Did you mean train\? It takes matmul,/);
    expect(complaint('--engines', 'jaxs').hint).toMatch(/^Did you mean jax\?/);
    expect(complaint('--qqqqqqqqqq').hint).toBe('See --help.');
  });

  it('refuses what it cannot use', () => {
    expect(complaint('train').message).toBe('Unexpected argument "train".');
    expect(complaint('--json').message).toBe('--json needs a value.');
    expect(complaint('--json', '--quick').message).toBe('--json needs a value.');
    expect(complaint('--quick=yes').message).toBe('--quick takes no value.');
    expect(complaint('--only', 'train,').message).toBe('--only does not know "".');
    expect(complaint('--plot', 'growth.svg').hint).toBe('Add --only growth.');
  });

  it.each([
    ['--rounds', '0', 1],
    ['--rounds', '4000', 1000],
    ['--rounds', '2.6', 3],
    ['--rounds', 'many', 1],
    ['--draw', '-1', 0],
    ['--draw', '99999999999', 2 ** 32 - 1],
  ])('names the nearest value: %s %s', (flag, value, near) => {
    const { message, hint } = complaint(flag, value);
    expect(message).toContain(`${flag} must be an integer from`);
    expect(hint).toBe(`The nearest valid value is ${near}.`);
  });
});

it('the help names every flag', () => {
  for (const flag of ['only', 'engines', 'rounds', 'draw', 'json', 'plot', 'browser', 'quick', 'help']) {
    expect(optionsHelp()).toContain(`--${flag} `);
  }
});
