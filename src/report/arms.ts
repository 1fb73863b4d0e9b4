/** Runs in groups that may be compared: one world and start, arms that differ in settings, seeds as repetitions. */
import {
  configForPreset,
  defaultConfig,
  presets,
  SEED_KEYS,
  SETTING_KEYS,
  settingOf,
  type SettingGroup,
  type SettingKey,
} from '../config/schema';
import { UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { LEARNING_KEYS, recordKey, seedOf, type RunRecord } from './record';

export interface Arm {
  /** Preset and what differs from it, beyond what all arms share. */
  readonly name: string;
  /** By seed, in the order of the seeds. */
  readonly runs: ReadonlyMap<string, RunRecord>;
}

export interface WorldGroup {
  /** The world, and what sets its questions, model and warm start apart: `microwiki, size=tiny`. */
  readonly world: string;
  /** Settings that differ from their presets in every run alike: `size=tiny`. */
  readonly shared: readonly string[];
  readonly arms: readonly Arm[];
}

/** What was not used, and why. */
export interface LeftOut {
  name: string;
  reason: string;
}

const NOT_PART: ReadonlySet<SettingKey> = new Set(['preset', 'world', ...SEED_KEYS]);

/** Settings of these groups decide what a run starts from. Arms with different ones have no seeds in common. */
const START: ReadonlySet<SettingGroup> = new Set(['World', 'Model', 'WarmStart']);
const START_KEYS = SETTING_KEYS.filter((key) => !NOT_PART.has(key) && START.has(settingOf(key).group));

/** `key=value` of everything that sets a run apart from its preset, or, where it decides the start, from what is usual: a preset may be a world. */
function differences(run: RunRecord): string[] {
  const preset = configForPreset(run.config.preset);
  const settings = LEARNING_KEYS.filter(
    (key) => !NOT_PART.has(key) && run.config[key] !== (START_KEYS.includes(key) ? defaultConfig : preset)[key],
  );
  return [
    ...settings.map((key) => `${key}=${run.config[key]}`),
    `updates=${run.updates}`,
    `base=${run.base}`,
    `adapter=${run.adapter}`,
  ];
}

/** Later records win over earlier ones of the same run, unless they are shorter. */
export function mergeRecords(records: readonly RunRecord[]): RunRecord[] {
  const byKey = new Map<string, RunRecord>();
  for (const record of records) {
    const key = recordKey(record);
    const known = byKey.get(key);
    if (known === undefined || record.updates >= known.updates) byKey.set(key, record);
  }
  // The same order whatever came first, so that a committed file changes only where runs do.
  const place = (run: RunRecord) =>
    [
      run.world,
      run.config.preset,
      ...differences(run),
      ...SEED_KEYS.map((key) => String(run.config[key]).padStart(10)),
    ].join('\n');
  return [...byKey.values()]
    .map((run) => ({ run, at: place(run) }))
    .sort(byPlace)
    .map(({ run }) => run);
}

function byPlace(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

function startOf(run: RunRecord): string {
  const settings = START_KEYS.filter((key) => run.config[key] !== defaultConfig[key]);
  return [run.world, ...settings.map((key) => `${key}=${run.config[key]}`)].join(', ');
}

/** Runs on different adapters are not compared either: their rounding, and so their warm starts, differ. */
export function groupRuns(records: readonly RunRecord[]): WorldGroup[] {
  const groups = new Map<string, { start: string; adapter: string; runs: RunRecord[] }>();
  for (const run of records) {
    const [start, { adapter }] = [startOf(run), run];
    const key = `${start}\n${adapter}`;
    const group = groups.get(key) ?? { start, adapter, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  const found = [...groups.values()];
  const name = ({ start, adapter }: (typeof found)[number]) =>
    found.filter((other) => other.start === start).length > 1 ? `${start}, ${adapter}` : start;
  return found
    .map((group) => groupWorld(name(group), group.runs))
    .sort((a, b) => (a.world < b.world ? -1 : a.world > b.world ? 1 : 0));
}

function groupWorld(world: string, runs: readonly RunRecord[]): WorldGroup {
  const all = runs.map((run) => ({ run, own: differences(run) }));
  const shared = (all[0]?.own ?? []).filter((word) => all.every(({ own }) => own.includes(word)));
  const arms = new Map<string, Map<string, RunRecord>>();
  for (const { run, own } of all) {
    const name = [run.config.preset, ...own.filter((word) => !shared.includes(word))].join(' ');
    const seeds = arms.get(name) ?? new Map<string, RunRecord>();
    seeds.set(seedOf(run), run);
    arms.set(name, seeds);
  }
  const bySeed = ([a]: [string, RunRecord], [b]: [string, RunRecord]) => a.localeCompare(b, 'en', { numeric: true });
  const sorted = [...arms].map(([name, seeds]) => ({ name, runs: new Map([...seeds].sort(bySeed)) }));
  return { world, shared, arms: sorted.sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1)) };
}

/** Presets in the order of their table, each plain first and then with few changes before many. */
function order(name: string): number {
  const [preset = '', ...changes] = name.split(' ');
  return Object.keys(presets).indexOf(preset) * 1000 + changes.length;
}

/**
 * The arm that the others are compared with: `wanted` by its name, or by its preset where only one has it; by default
 * search-r1, else the first.
 *
 * @throws UserError that names the nearest arm
 */
export function baselineOf({ arms, world }: WorldGroup, wanted: string | undefined): Arm {
  const named = (name: string) => {
    const exact = arms.find((arm) => arm.name === name);
    const ofPreset = arms.filter((arm) => arm.name.split(' ')[0] === name);
    return exact ?? (ofPreset.length === 1 ? ofPreset[0] : undefined);
  };
  const found = wanted === undefined ? (named('search-r1') ?? arms[0]) : named(wanted);
  if (found !== undefined) return found;
  const names = arms.map(({ name }) => name);
  const near = nearest(wanted ?? '', names);
  throw new UserError(
    `There is no single arm "${wanted}" on ${world}.`,
    near === undefined ? `Arms: ${names.join('; ')}.` : `Did you mean --baseline "${near}"? Arms: ${names.join('; ')}.`,
  );
}
