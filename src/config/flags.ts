/** Command-line flags of the headless commands. Imported by src/cli only, as it needs Node. */
import { parseArgs } from 'node:util';
import { UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { isValueOf, presets, SEED_KEYS, SETTING_KEYS, SETTINGS, type RunConfig } from './schema';
import { checkSetting, describeRange, quote, requireValidConfig } from './validate';

const DEFAULT_UPDATES = 80;
const MAX_UPDATES = 1_000_000;

const VALUE_FLAGS = ['preset', 'world', 'seed', 'updates', 'out', 'set', 'resume', 'init'] as const;
const FLAGS = [...VALUE_FLAGS, 'help'] as const;

type ValueFlag = (typeof VALUE_FLAGS)[number];

export interface RunFlags {
  help: boolean;
  config: RunConfig;
  /** Whether any of --preset, --world, --seed, --set was given: a resumed run must not change these. */
  configGiven: boolean;
  /** A file of triples, in place of a built-in world (config.world then says nothing). */
  worldFile: string | undefined;
  updates: number;
  /** Folder to write to. */
  out: string | undefined;
  /** Folder of the run to continue. */
  resume: string | undefined;
  /** The base policy: `shipped`, `warm` (a warm start of this run's own) or a file; undefined = what fits. */
  init: string | undefined;
}

/**
 * Reads the arguments after the command's name. `--seed N` sets all three seeds; `--set key=value` may repeat and wins
 * over the other flags. Throws UserError with the nearest flag, key or value.
 */
export function parseFlags(args: readonly string[]): RunFlags {
  const given = readTokens(args);
  const raw = new Map<string, string>();
  const preset = given.last('preset');
  if (preset !== undefined) raw.set('preset', preset);
  const world = given.last('world');
  const worldFile = world === undefined || isValueOf('world', world) ? undefined : requireWorldFile(world);
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
  return {
    help: given.help,
    config: requireValidConfig(Object.fromEntries(raw)),
    configGiven: raw.size > 0 || worldFile !== undefined,
    worldFile,
    updates: readUpdates(given.last('updates')),
    out: given.last('out'),
    resume: given.last('resume'),
    init: given.last('init'),
  };
}

function readTokens(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const { tokens } = parseArgs({
    args: [...args],
    // Not strict, as its errors know no suggestions.
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(VALUE_FLAGS.map((flag) => [flag, string])),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const values: [ValueFlag, string][] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw new UserError(
        `Unexpected argument ${quote(token.value)}.`,
        'Every setting is given by a flag; see --help.',
      );
    }
    if (token.kind === 'option-terminator') continue;
    if (token.name === 'help') {
      help = true;
      continue;
    }
    const flag = VALUE_FLAGS.find((name) => name === token.name);
    if (flag === undefined) throw unknownFlag(token.rawName);
    if (token.value === undefined || token.value === '' || token.value.startsWith('--')) {
      throw new UserError(`--${flag} needs a value.`, 'See --help.');
    }
    values.push([flag, token.value]);
  }
  const all = (flag: ValueFlag) => values.filter(([name]) => name === flag).map(([, value]) => value);
  return { help, all, last: (flag: ValueFlag) => all(flag).at(-1) };
}

function unknownFlag(rawName: string): UserError {
  const name = rawName.replace(/^-+/, '');
  const setting = nearest(name, SETTING_KEYS);
  const flag = nearest(name, FLAGS);
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

/** A world that is not built in must look like a file. */
function requireWorldFile(world: string): string {
  if (/[/\\]|\.(tsv|csv|txt)$/i.test(world)) return world;
  const ids = SETTINGS.world.options.map((option) => option.value);
  const near = nearest(world, ids);
  throw new UserError(
    `There is no world ${quote(world)}.`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Worlds are ${ids.join(', ')} or a file of triples that ends in .tsv.`,
  );
}

function readUpdates(text: string | undefined): number {
  if (text === undefined) return DEFAULT_UPDATES;
  const updates = Number(text);
  if (/^\d+$/.test(text) && updates <= MAX_UPDATES) return updates;
  const near = Number.isFinite(updates) ? Math.min(MAX_UPDATES, Math.max(0, Math.round(updates))) : DEFAULT_UPDATES;
  throw new UserError(
    `--updates must be an integer from 0 to ${MAX_UPDATES}, not ${quote(text)}.`,
    `The nearest valid value is ${near}.`,
  );
}

/** What --help prints: the flags, the presets and every setting with its range and default. */
export function flagsHelp(command: string): string {
  const presetLines = Object.entries(presets).map(([id, preset]) => `  ${id.padEnd(18)} ${preset.help}`);
  const settingLines = SETTING_KEYS.filter((key) => key !== 'preset').map(
    (key) =>
      `  ${key.padEnd(22)} ${SETTINGS[key].help}\n${' '.repeat(25)}${describeRange(key)}; default ${SETTINGS[key].default}`,
  );
  return [
    `Usage: npm run ${command} -- [flags]`,
    '',
    '  --preset NAME     the experiment (default search-r2), see below',
    '  --world NAME      microwiki, atlas or FILE.tsv with lines "subject relation object"',
    '  --seed N          sets worldSeed, initSeed and runSeed',
    `  --updates K       training updates in all (default ${DEFAULT_UPDATES})`,
    '  --out DIR         folder to write to',
    '  --set KEY=VALUE   changes one setting; may repeat',
    '  --resume DIR      continues the run in DIR',
    '  --init WHICH      base policy: shipped, warm (warm start first) or a .safetensors file; by default the shipped',
    '                    one where there is one made with these warm-start settings, else warm',
    '  --help            prints this',
    '',
    'Presets:',
    ...presetLines,
    '',
    'Settings:',
    ...settingLines,
    '',
  ].join('\n');
}
