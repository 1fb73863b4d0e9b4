/** The flags of `npm run bench`. Pure, as the page reads them too. */
import { UserError } from '../../src/lib/assert';
import { nearest } from '../../src/lib/nearest';

export const WORKS = [
  'matmul',
  'train',
  'decode',
  'grpo',
  'refiners',
  'growth',
  'worlds',
  'roofline',
  'rollout',
  'startup',
  'mainThread',
] as const;
export type WorkName = (typeof WORKS)[number];

export const ENGINES = ['cutpoint', 'jax', 'tfjs'] as const;
export type EngineName = (typeof ENGINES)[number];

const VALUE_FLAGS = ['only', 'engines', 'rounds', 'draw', 'against', 'rows-at-once', 'json', 'plot'] as const;
const SWITCHES = ['browser', 'quick', 'help'] as const;
const FLAGS = [...VALUE_FLAGS, ...SWITCHES] as const;
type ValueFlag = (typeof VALUE_FLAGS)[number];
type Switch = (typeof SWITCHES)[number];

/** The others take minutes or have no peer, so they run only when they are asked for. */
const USUAL: readonly WorkName[] = ['matmul', 'train', 'decode', 'grpo'];
const ROUNDS = 5;
const QUICK_ROUNDS = 3;
const MAX_ROUNDS = 1000;
const MAX_SEED = 2 ** 32 - 1;

export interface BenchOptions {
  works: readonly WorkName[];
  /** Ours is always among them: every ratio is to it. */
  engines: readonly EngineName[];
  rounds: number;
  /** Seed of the shapes drawn at random; undefined = a new one, which is printed. */
  draw: number | undefined;
  /** The commit whose build is compared with this one. */
  against: string | undefined;
  /** Rows of a workgroup that take single tokens through all layers, compared with a kernel an operation. */
  rowsAtOnce: number | undefined;
  json: string | undefined;
  plot: string | undefined;
  browser: boolean;
  /** Fewer shapes and shorter rounds, to see that everything works. */
  quick: boolean;
  help: boolean;
}

/**
 * Reads the arguments after `npm run bench --`.
 *
 * @throws UserError with the nearest flag, name or value
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, switches } = readTokens(args);
  const last = (flag: ValueFlag) => values.filter(([name]) => name === flag).at(-1)?.[1];
  const list = <T extends string>(flag: ValueFlag, known: readonly T[]): T[] =>
    values.filter(([name]) => name === flag).flatMap(([, text]) => readNames(flag, text, known));
  const works = list('only', WORKS);
  const engines = new Set<EngineName>(['cutpoint', ...list('engines', ENGINES)]);
  const plot = last('plot');
  const options: BenchOptions = {
    works: works.length === 0 ? USUAL : WORKS.filter((name) => works.includes(name)),
    engines: engines.size === 1 && last('engines') === undefined ? ENGINES : [...engines],
    rounds: readInteger('rounds', last('rounds'), 1, MAX_ROUNDS) ?? (switches.has('quick') ? QUICK_ROUNDS : ROUNDS),
    draw: readInteger('draw', last('draw'), 0, MAX_SEED),
    against: last('against'),
    rowsAtOnce: readInteger('rows-at-once', last('rows-at-once'), 1, 2),
    json: last('json'),
    plot,
    browser: switches.has('browser'),
    quick: switches.has('quick'),
    help: switches.has('help'),
  };
  if (plot !== undefined && !options.works.some((work) => work === 'growth' || work === 'worlds')) {
    throw new UserError('--plot draws the growth of cost, which is not among the works.', 'Add --only growth.');
  }
  const builds = options.works.includes('rollout');
  if (builds && options.works.length > 1) {
    throw new UserError('rollout compares builds in processes of their own.', 'Ask for --only rollout alone.');
  }
  if (builds && options.browser) throw new UserError('rollout runs in Node.', 'Leave --browser out.');
  if (options.against !== undefined && !builds) {
    throw new UserError('--against is a commit that rollouts are compared with.', 'Add --only rollout.');
  }
  if (options.rowsAtOnce !== undefined && (!builds || options.against !== undefined)) {
    throw new UserError(
      '--rows-at-once compares rollouts of this build alone.',
      'Add --only rollout, without --against.',
    );
  }
  return options;
}

function readTokens(args: readonly string[]): { values: [ValueFlag, string][]; switches: Set<Switch> } {
  const values: [ValueFlag, string][] = [];
  const switches = new Set<Switch>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '-h') arg = '--help';
    if (!arg.startsWith('--')) throw new UserError(`Unexpected argument "${arg}".`, 'See --help.');
    const equals = arg.indexOf('=');
    const name = arg.slice(2, equals < 0 ? undefined : equals);
    const plain = SWITCHES.find((flag) => flag === name);
    if (plain !== undefined) {
      if (equals >= 0) throw new UserError(`--${name} takes no value.`, 'See --help.');
      switches.add(plain);
      continue;
    }
    const flag = VALUE_FLAGS.find((known) => known === name);
    if (flag === undefined) {
      const near = nearest(name, FLAGS);
      throw new UserError(
        `There is no flag "--${name}".`,
        near === undefined ? 'See --help.' : `Did you mean --${near}?`,
      );
    }
    const value = equals < 0 ? rest.shift() : arg.slice(equals + 1);
    if (value === undefined || value === '' || value.startsWith('--')) {
      throw new UserError(`--${flag} needs a value.`, 'See --help.');
    }
    values.push([flag, value]);
  }
  return { values, switches };
}

function readNames<T extends string>(flag: ValueFlag, text: string, known: readonly T[]): T[] {
  return text.split(',').map((part) => {
    const word = part.trim();
    const name = known.find((candidate) => candidate === word);
    if (name !== undefined) return name;
    const near = nearest(word, known);
    const guess = near === undefined ? '' : `Did you mean ${near}? `;
    throw new UserError(`--${flag} does not know "${word}".`, `${guess}It takes ${known.join(', ')}.`);
  });
}

function readInteger(flag: ValueFlag, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const near = Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : min;
  throw new UserError(
    `--${flag} must be an integer from ${min} to ${max}, not "${text}".`,
    `The nearest valid value is ${near}.`,
  );
}

export function optionsHelp(): string {
  return [
    'Usage: npm run bench -- [flags]',
    '',
    'Times our engine beside jax-js and tfjs on one adapter, in rounds that alternate between them. The peers are',
    'installed into bench/node_modules the first time.',
    '',
    `  --only NAMES      works, with commas between: ${WORKS.join(', ')}`,
    `                    (default ${USUAL.join(', ')}; refiners, growth, worlds, roofline, rollout,\n                    startup and mainThread have no peer and run only when they are named; worlds is\n                    the part of growth that is about worlds)`,
    `  --engines NAMES   of ${ENGINES.join(', ')} (default all; cutpoint is always there)`,
    `  --rounds N        rounds of each work (default ${ROUNDS}, with --quick ${QUICK_ROUNDS})`,
    '  --draw SEED       repeats the shapes drawn at random by an earlier run, which printed SEED',
    '  --against COMMIT  of --only rollout: the build that this one is compared with, in turn',
    '  --rows-at-once N  of --only rollout: 1 or 2 rows of a workgroup take tokens through all layers at once, in turn',
    '                    with a kernel an operation',
    '  --browser         in Chromium instead of Node',
    '  --json FILE       where the figures go (default runs/bench-RUNTIME-TIME.json)',
    '  --plot FILE.svg   a plot of growth',
    '  --quick           fewer shapes and shorter rounds',
    '  --help            prints this',
    '',
    'CUTPOINT_ADAPTER=gpu|llvmpipe|swiftshader forces an adapter.',
  ].join('\n');
}
