/** The types that follow from the table of settings, its defaults, presets and the sizes of the model. */
import { assert } from '../lib/assert';
import type { EnumSetting, NumberSetting, Setting, SettingGroup } from './setting-kinds';
import { SETTINGS } from './settings';

export { SETTINGS };
export type { EnumSetting, NumberSetting, Setting, SettingGroup };

export type SettingKey = keyof typeof SETTINGS;

type ValueOf<S> = S extends EnumSetting<infer V> ? V : S extends NumberSetting ? number : never;

/** One value for every setting, all within their ranges: what a run is made from, together with the program's version. */
export type RunConfig = { readonly [K in SettingKey]: ValueOf<(typeof SETTINGS)[K]> };

export type PresetId = RunConfig['preset'];
export type WorldId = RunConfig['world'];
export type ModelSize = RunConfig['size'];
export type SettingValue = RunConfig[SettingKey];

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** The seeds that `seed=N` in a link and `--seed N` set together. */
export const SEED_KEYS = ['worldSeed', 'initSeed', 'runSeed'] as const;

/** All keys, in the order of the table. */
export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS).filter(isSettingKey);

/** The groups, in the order of the table. */
export const SETTING_GROUPS: readonly SettingGroup[] = [...new Set(SETTING_KEYS.map((key) => SETTINGS[key].group))];

/** The entry of `key` as the plain shape that all entries share. */
export function settingOf(key: SettingKey): Setting {
  return SETTINGS[key];
}

/** Whether `value` has the type of the setting and lies within its range. */
export function isValueOf<K extends SettingKey>(key: K, value: unknown): value is RunConfig[K] {
  const setting = settingOf(key);
  if (setting.kind === 'enum') return setting.options.some((option) => option.value === value);
  if (typeof value !== 'number' || !(value >= setting.min && value <= setting.max)) return false;
  return setting.kind === 'float' || Number.isInteger(value);
}

/** Whether `value` is a complete, valid configuration, rules between settings left aside (see validate.ts). */
export function isRunConfig(value: Readonly<Record<string, unknown>>): value is RunConfig {
  return SETTING_KEYS.every((key) => isValueOf(key, value[key]));
}

function makeDefaultConfig(): RunConfig {
  const config = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default]));
  assert(isRunConfig(config), 'a default lies outside its own range');
  return config;
}

/** Every setting at its default: preset search-r2 on microwiki with all seeds 1. */
export const defaultConfig: RunConfig = makeDefaultConfig();

export interface Preset {
  readonly label: string;
  /** The preset this one differs from; null for the one made of the defaults alone. */
  readonly basedOn: PresetId | null;
  readonly difference: Partial<RunConfig>;
}

/** Levels at which an actor that has learned what it can still fails when it always takes its likeliest token. */
const HARD = { rumourSpread: 'outnumber', misfiled: 0.05, sharedNames: 0.1, maxHops: 4 } as const;

/** method.md section 8. Ids are part of links and recorded runs, so they never change. */
export const presets: Readonly<Record<PresetId, Preset>> = {
  'search-r2': {
    label: 'Search-R2',
    basedOn: null,
    difference: {},
  },
  'search-r2-paper': {
    label: 'Search-R2 as in the paper',
    basedOn: 'search-r2',
    difference: { refinerAdvantage: 'group', reviewWeight: 1 },
  },
  'search-r1': {
    label: 'Search-R1',
    basedOn: 'search-r2',
    difference: { refiner: 'none', process: 'off' },
  },
  'search-r1-matched': {
    label: 'Search-R1 at equal tokens',
    basedOn: 'search-r1',
    difference: { groupSize: 10 },
  },
  'process-only': {
    label: 'Process reward, no refiner',
    basedOn: 'search-r1',
    difference: { process: 'collection' },
  },
  'refiner-only': {
    label: 'Refiner not trained',
    basedOn: 'search-r2',
    difference: { reviewWeight: 0, process: 'off' },
  },
  'refiner-process': {
    label: 'Refiner not trained, process reward',
    basedOn: 'refiner-only',
    difference: { process: 'collection' },
  },
  'group-advantage': {
    label: 'Reviews scored by group',
    basedOn: 'search-r2',
    difference: { refinerAdvantage: 'group' },
  },
  'discarded-in': {
    label: 'Discarded steps trained',
    basedOn: 'search-r2',
    difference: { discardedTokens: 'in' },
  },
  'separate-refiner': {
    label: 'Refiner with weights of its own',
    basedOn: 'search-r2',
    difference: { refinerWeights: 'separate' },
  },
  'supervised-refiner': {
    label: 'Refiner taught by labels',
    basedOn: 'separate-refiner',
    difference: { reviewSupervision: 1, refinerLearningRate: 2e-3 },
  },
  'second-reading': {
    label: 'Refiner that reads again',
    basedOn: 'supervised-refiner',
    difference: { reviewReading: 'steps' },
  },
  'reading-refiner': {
    label: 'Refiner that reads best',
    basedOn: 'second-reading',
    difference: { reviewSees: 'certainty' },
  },
  hard: {
    label: 'A hard world',
    basedOn: 'reading-refiner',
    difference: HARD,
  },
  'random-cut': {
    label: 'Random cuts',
    basedOn: 'search-r2',
    difference: { reviewCut: 'uniform' },
  },
  resample: {
    label: 'Start again instead of cutting',
    basedOn: 'search-r2',
    difference: { reviewCut: 'first' },
  },
  'always-revise': {
    label: 'Every draft is cut',
    basedOn: 'search-r2',
    difference: { reviewGate: 'always' },
  },
  'never-revise': {
    label: 'No draft is cut',
    basedOn: 'search-r2',
    difference: { reviewGate: 'never' },
  },
  'oracle-label': {
    label: 'Perfect refiner',
    basedOn: 'search-r2',
    difference: { refiner: 'oracleLabel', reviewWeight: 0 },
  },
  'oracle-wrong-only': {
    label: 'Perfect refiner of wrong drafts',
    basedOn: 'oracle-label',
    difference: { refiner: 'oracleWrong' },
  },
  'oracle-value': {
    label: 'Best cut of all',
    basedOn: 'oracle-label',
    difference: { refiner: 'oracleValue' },
  },
  'oracle-reader': {
    label: 'Reader without a network',
    basedOn: 'oracle-label',
    difference: { refiner: 'oracleReader' },
  },
};

/** The preset `id` with its ancestors' differences applied, and `overrides` (valid values only) on top. */
export function configForPreset(id: PresetId, overrides: Partial<RunConfig> = {}): RunConfig {
  const { basedOn, difference } = presets[id];
  const parent = basedOn === null ? defaultConfig : configForPreset(basedOn);
  return { ...parent, ...difference, ...overrides, preset: id };
}

export interface ModelShape {
  /** C, the width of the residual stream; a multiple of 2 * heads, as RoPE turns pairs of coordinates. */
  readonly width: number;
  /** L */
  readonly layers: number;
  /** H query heads and as many key/value heads. */
  readonly heads: number;
  readonly kvHeads: number;
  /** F, the width inside SwiGLU. */
  readonly ffn: number;
  readonly ropeTheta: number;
  readonly rmsEps: number;
}

const SHARED_SHAPE = { ropeTheta: 10000, rmsEps: 1e-5 } as const;

/** Llama-style decoder shapes; the number of parameters also depends on the world's vocabulary. */
export const MODEL_SIZES: Readonly<Record<ModelSize, ModelShape>> = {
  tiny: { width: 32, layers: 2, heads: 4, kvHeads: 4, ffn: 80, ...SHARED_SHAPE },
  small: { width: 64, layers: 3, heads: 4, kvHeads: 4, ffn: 168, ...SHARED_SHAPE },
  base: { width: 128, layers: 4, heads: 4, kvHeads: 4, ffn: 336, ...SHARED_SHAPE },
  large: { width: 256, layers: 6, heads: 8, kvHeads: 8, ffn: 680, ...SHARED_SHAPE },
};
