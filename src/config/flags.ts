/** Command-line flags of the headless commands. Imported by src/cli only, as it needs Node. */
import { parseArgs } from 'node:util';
import { UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { areColumns, type Columns } from './column-lines';
import { PRESET_HELP } from './preset-help';
import { SETTING_HELP } from './setting-help';
import { MAX_PART_SEED } from './triple-limits';
import { isValueOf, SEED_KEYS, SETTING_KEYS, SETTINGS, type RunConfig } from './schema';
import { parseSeeds } from './seeds';
import { checkSetting, describeRange, quote, requireValidConfig } from './validate';

const DEFAULT_UPDATES = 80;
const MAX_UPDATES = 1_000_000;
const MIN_FINAL_QUESTIONS = 8;
const MAX_FINAL_QUESTIONS = 100_000;
const MIN_FINAL_TRIES = 2;
const MAX_FINAL_TRIES = 16;
const MAX_CAPSULE_TRAJECTORIES = 65_536;

const CONFIG_FLAGS = ['preset', 'world', 'columns', 'part', 'seed', 'set'] as const;
const RUN_FLAGS = [
  'seeds',
  'updates',
  'out',
  'resume',
  'init',
  'bases',
  'final-questions',
  'final-tries',
  'capsule',
  'capsule-trajectories',
] as const;

type ValueFlag = (typeof CONFIG_FLAGS)[number] | (typeof RUN_FLAGS)[number];

/** The flags with a value that each command takes. */
const FLAGS_OF = {
  experiment: [...CONFIG_FLAGS, ...RUN_FLAGS],
  pretrain: [...CONFIG_FLAGS, 'out'],
  profile: CONFIG_FLAGS,
} as const satisfies Record<string, readonly ValueFlag[]>;

type CommandName = keyof typeof FLAGS_OF;

/** One run of `--seeds`. */
export interface SeedRun {
  readonly seed: number;
  readonly config: RunConfig;
}

/** A file of triples, and what is taken of it. */
export interface WorldFile {
  readonly path: string;
  /** Those of subject, relation and object; null leaves them to the reader. */
  readonly columns: Columns | null;
  /** Seed of a connected part; null takes the whole. */
  readonly part: number | null;
}

export interface RunFlags {
  help: boolean;
  config: RunConfig;
  /** The runs of --seeds, in the order given; undefined without it. */
  seeds: readonly SeedRun[] | undefined;
  /** Whether any of --preset, --world, --seed, --set was given: a resumed run must not change these. */
  configGiven: boolean;
  /** A file of triples, in place of a built-in world (config.world then says nothing). */
  worldFile: WorldFile | undefined;
  updates: number;
  /** Folder to write to. */
  out: string | undefined;
  /** Folder of the run to continue. */
  resume: string | undefined;
  /** The base policy: `shipped`, `warm` (a warm start of this run's own) or a file; undefined = what fits. */
  init: string | undefined;
  /** Folder of warm-started bases that runs share. */
  bases: string | undefined;
  /** Questions of the last evaluation, where they are not `evalQuestions`. */
  finalQuestions: number | undefined;
  /** Tries of each of these questions that are compared; undefined for no such comparison. */
  finalTries: number | undefined;
  /** File to record the run in, for the page. */
  capsule: string | undefined;
  /** Newest trajectories that it keeps whole. */
  capsuleTrajectories: number | undefined;
}

/**
 * Reads the arguments after the command's name. `--seed N` sets all three seeds, `--seeds` does so for one run after the
 * other; `--set key=value` may repeat and wins over the other flags. Throws UserError with the nearest flag, key or value.
 */
export function parseFlags(args: readonly string[], command: CommandName = 'experiment'): RunFlags {
  const given = readRunFlags(args, command);
  const raw = new Map<string, string>();
  const preset = given.last('preset');
  if (preset !== undefined) raw.set('preset', preset);
  const world = given.last('world');
  const [columns, part] = [given.last('columns'), given.last('part')];
  const worldFile =
    world === undefined || isValueOf('world', world)
      ? undefined
      : {
          path: requireWorldFile(world),
          columns: columns === undefined ? null : parseColumns(columns),
          part: part === undefined ? null : readCount('part', part, 0, MAX_PART_SEED, 1),
        };
  if (worldFile === undefined && (columns ?? part) !== undefined) {
    throw new UserError('--columns and --part are of a file of facts.', 'Name it with --world FILE.tsv.');
  }
  if (world !== undefined && worldFile === undefined) raw.set('world', world);
  const seed = given.last('seed');
  if (seed !== undefined) {
    const { problem } = checkSetting('worldSeed', seed);
    if (problem !== null) {
      throw new UserError(
        `--seed must be ${describeRange('worldSeed')}, not ${quote(seed)}.`,
        `The nearest valid value is ${problem.nearest}.`,
      );
    }
    for (const key of SEED_KEYS) raw.set(key, seed);
  }
  for (const setting of given.all('set')) {
    const equals = setting.indexOf('=');
    if (equals <= 0) {
      throw new UserError(`--set needs key=value, not ${quote(setting)}.`, 'For example: --set groupSize=16');
    }
    raw.set(setting.slice(0, equals).trim(), setting.slice(equals + 1).trim());
  }
  const config = requireValidConfig(Object.fromEntries(raw));
  const seeds = given.last('seeds');
  if (seeds !== undefined && seed !== undefined) {
    throw new UserError('--seed and --seeds cannot both be given.', `For one more seed: --seeds ${seeds},${seed}`);
  }
  const free = SEED_KEYS.filter((key) => !raw.has(key));
  return {
    help: given.help,
    config,
    seeds:
      seeds === undefined
        ? undefined
        : parseSeeds(seeds).map((n) => ({ seed: n, config: { ...config, ...seedsFor(free, n) } })),
    configGiven: raw.size > 0 || worldFile !== undefined,
    worldFile,
    updates: readUpdates(given.last('updates')),
    out: given.last('out'),
    resume: given.last('resume'),
    init: given.last('init'),
    bases: given.last('bases'),
    finalQuestions: readFinalQuestions(given.last('final-questions')),
    finalTries: readFinalTries(given.last('final-tries')),
    capsule: given.last('capsule'),
    capsuleTrajectories: readCapsuleTrajectories(given.last('capsule-trajectories')),
  };
}

function seedsFor(keys: readonly (typeof SEED_KEYS)[number][], seed: number): Partial<RunConfig> {
  return Object.fromEntries(keys.map((key) => [key, seed]));
}

function readRunFlags(args: readonly string[], command: CommandName) {
  const flags: readonly ValueFlag[] = FLAGS_OF[command];
  const given = readTokens(args, { values: flags, switches: ['help'], unknown: (name) => unknownFlag(name, flags) });
  const stray = given.positionals[0];
  if (stray !== undefined) {
    throw new UserError(`Unexpected argument ${quote(stray)}.`, 'Every setting is given by a flag; see --help.');
  }
  return { help: given.has('help'), all: given.all, last: given.last };
}

/** What a command line may hold: flags with a value, flags without one, and what to say of any other. */
export interface FlagTable<V extends string, S extends string> {
  values: readonly V[];
  switches: readonly S[];
  unknown: (rawName: string) => UserError;
}

/**
 * Reads any command line: `--flag value`, `--flag=value`, `--switch`, `-h` for help, and what belongs to no flag.
 *
 * @throws UserError for an unknown flag or a missing value
 */
export function readTokens<V extends string, S extends string>(args: readonly string[], table: FlagTable<V, S>) {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  const { tokens } = parseArgs({
    args: [...args],
    // Not strict, as its errors know no suggestions.
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(table.values.map((flag) => [flag, string])),
      ...Object.fromEntries(table.switches.map((flag) => [flag, boolean])),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const values: [V, string][] = [];
  const switches = new Set<S>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const on = table.switches.find((name) => name === token.name);
    if (on !== undefined) {
      switches.add(on);
      continue;
    }
    const flag = table.values.find((name) => name === token.name);
    if (flag === undefined) throw table.unknown(token.rawName);
    if (token.value === undefined || token.value === '' || token.value.startsWith('--')) {
      throw new UserError(`--${flag} needs a value.`, 'See --help.');
    }
    values.push([flag, token.value]);
  }
  const all = (flag: V) => values.filter(([name]) => name === flag).map(([, value]) => value);
  return { positionals, all, last: (flag: V) => all(flag).at(-1), has: (name: S) => switches.has(name) };
}

function unknownFlag(rawName: string, flags: readonly ValueFlag[]): UserError {
  const name = rawName.replace(/^-+/, '');
  const setting = nearest(name, SETTING_KEYS);
  const flag = nearest(name, [...flags, 'help']);
  const exactSetting = SETTING_KEYS.find((key) => key === name);
  const hint =
    exactSetting !== undefined
      ? `It is a setting: --set ${exactSetting}=VALUE`
      : flag !== undefined
        ? `Did you mean --${flag}?`
        : setting !== undefined
          ? `Did you mean --set ${setting}=VALUE?`
          : 'See --help for the list.';
  return new UserError(`There is no flag ${quote(rawName)}.`, hint);
}

/** @throws UserError where they are no three columns */
export function parseColumns(text: string): Columns {
  const columns = text.split(',').map(Number);
  if (areColumns(columns)) return columns;
  throw new UserError(
    `--columns takes three different numbers from 1, not ${quote(text)}.`,
    'Those of subject, relation and object: --columns 1,2,3',
  );
}

/** A world that is not built in must look like a file. */
function requireWorldFile(world: string): string {
  if (/[/\\]|\.(tsv|csv|txt|nt|nq)$/i.test(world)) return world;
  const ids = SETTINGS.world.options.map((option) => option.value);
  const near = nearest(world, ids);
  throw new UserError(
    `There is no world ${quote(world)}.`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Worlds are ${ids.join(', ')} or a file of triples that ends in .tsv.`,
  );
}

function readUpdates(text: string | undefined): number {
  return text === undefined ? DEFAULT_UPDATES : readCount('updates', text, 0, MAX_UPDATES, DEFAULT_UPDATES);
}

function readFinalQuestions(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return readCount('final-questions', text, MIN_FINAL_QUESTIONS, MAX_FINAL_QUESTIONS, SETTINGS.evalQuestions.default);
}

function readFinalTries(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readCount('final-tries', text, MIN_FINAL_TRIES, MAX_FINAL_TRIES, 8);
}

function readCapsuleTrajectories(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readCount('capsule-trajectories', text, 0, MAX_CAPSULE_TRAJECTORIES, 0);
}

/** An integer from `min` to `max`; `other` is what to suggest where `text` is no number at all. */
export function readCount(flag: string, text: string, min: number, max: number, other: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= min && count <= max) return count;
  const near = Number.isFinite(count) ? Math.min(max, Math.max(min, Math.round(count))) : other;
  throw new UserError(
    `--${flag} must be an integer from ${min} to ${max}, not ${quote(text)}.`,
    `The nearest valid value is ${near}.`,
  );
}

const FLAG_HELP: readonly [flag: ValueFlag | 'help', value: string, help: string][] = [
  ['preset', 'NAME', 'the experiment (default search-r2), see below'],
  ['world', 'NAME', 'microwiki, atlas or FILE.tsv with lines "subject relation object"'],
  ['columns', 'S,R,O', 'columns of subject, relation and object in FILE.tsv, where they are not found'],
  ['part', 'N', 'trains on a connected part of FILE.tsv, drawn with seed N, where it is too large'],
  ['seed', 'N', 'sets worldSeed, initSeed and runSeed'],
  [
    'seeds',
    'LIST',
    'several runs, one after the other, in OUT/seed-N: 1..5 or 1,3,7. Called again, it skips those\nthat are finished and goes on with the others',
  ],
  ['updates', 'K', `training updates in all (default ${DEFAULT_UPDATES})`],
  ['out', 'DIR', 'where to write to'],
  ['set', 'KEY=VALUE', 'changes one setting; may repeat'],
  ['resume', 'DIR', 'continues the run in DIR'],
  [
    'init',
    'WHICH',
    'base policy: shipped, warm (warm start first) or a .safetensors file; by default the shipped\none where there is one made with these warm-start settings, else warm',
  ],
  ['bases', 'DIR', 'keeps warm-started bases in DIR and takes them from there; implies --init warm'],
  ['final-questions', 'N', 'questions of the last evaluation (default: evalQuestions)'],
  [
    'final-tries',
    'N',
    'after it, answers each of its questions N times (2 to 16) and compares a vote, a reviewer who picks,\nand cutting: tries.jsonl',
  ],
  ['capsule', 'FILE', 'records the run in one file that the page opens: plays it back and goes on with it'],
  [
    'capsule-trajectories',
    'N',
    'of the newest updates all trajectories are kept in it, up to N (default 10240); of older ones\na few telling ones',
  ],
  ['help', '', 'prints this'],
];

/** What --help prints: the flags, the presets and every setting with its range and default. */
export function flagsHelp(command: CommandName): string {
  const taken: readonly ValueFlag[] = FLAGS_OF[command];
  const flagLines = FLAG_HELP.filter(([flag]) => flag === 'help' || taken.includes(flag)).map(
    ([flag, value, help]) => `  ${`--${flag} ${value}`.padEnd(22)} ${help.replaceAll('\n', `\n${' '.repeat(25)}`)}`,
  );
  const presetLines = Object.entries(PRESET_HELP).map(([id, help]) => `  ${id.padEnd(18)} ${help}`);
  const settingLines = SETTING_KEYS.filter((key) => key !== 'preset').map(
    (key) =>
      `  ${key.padEnd(22)} ${SETTING_HELP[key]}\n${' '.repeat(25)}${describeRange(key)}; default ${SETTINGS[key].default}`,
  );
  return [
    `Usage: npm run ${command} -- [flags]`,
    '',
    ...flagLines,
    '',
    'Presets:',
    ...presetLines,
    '',
    'Settings:',
    ...settingLines,
    '',
  ].join('\n');
}
