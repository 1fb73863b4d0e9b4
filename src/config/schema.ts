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
  readonly help: string;
}

/** method.md section 8. Ids are part of links and recorded runs, so they never change. */
export const presets: Readonly<Record<PresetId, Preset>> = {
  'search-r2': {
    label: 'Search-R2',
    basedOn: null,
    difference: {},
    help: 'A refiner reads every draft and may cut it; the actor then continues from the cut. Both learn, and good searches are rewarded too.',
  },
  'search-r2-paper': {
    label: 'Search-R2 as in the paper',
    basedOn: 'search-r2',
    difference: { refinerAdvantage: 'group', reviewWeight: 1 },
    help: 'Search-R2 with reviews scored by the advantage of the final trajectory and trained as strongly as the actor, as we read the paper.',
  },
  'search-r1': {
    label: 'Search-R1',
    basedOn: 'search-r2',
    difference: { refiner: 'none', process: 'off' },
    help: 'The actor learns alone, and only the final answer is rewarded. No draft is reviewed.',
  },
  'search-r1-matched': {
    label: 'Search-R1 at equal tokens',
    basedOn: 'search-r1',
    difference: { groupSize: 10 },
    help: 'Search-R1 with more tries for each question, so that an update samples about as many tokens as one of Search-R2 does.',
  },
  'process-only': {
    label: 'Process reward, no refiner',
    basedOn: 'search-r1',
    difference: { process: 'collection' },
    help: 'Search-R1 with good searches rewarded too. Shows what the process reward is worth without a refiner.',
  },
  'refiner-only': {
    label: 'Refiner not trained',
    basedOn: 'search-r2',
    difference: { reviewWeight: 0, process: 'off' },
    help: 'Drafts are reviewed and cut, but only the actor is trained, and only the final answer is rewarded.',
  },
  'refiner-process': {
    label: 'Refiner not trained, process reward',
    basedOn: 'refiner-only',
    difference: { process: 'collection' },
    help: 'Drafts are reviewed and cut, and good searches are rewarded, but only the actor is trained. What Search-R2 adds is that reviews learn.',
  },
  'group-advantage': {
    label: 'Reviews scored by group',
    basedOn: 'search-r2',
    difference: { refinerAdvantage: 'group' },
    help: 'Search-R2 with each review scored by how good the final trajectory is within its group, not by how much it gained over the draft.',
  },
  'discarded-in': {
    label: 'Discarded steps trained',
    basedOn: 'search-r2',
    difference: { discardedTokens: 'in' },
    help: 'Search-R2 with the steps that were cut away trained too, by the reward of the final trajectory. Shows what leaving them out changes.',
  },
  'separate-refiner': {
    label: 'Refiner with weights of its own',
    basedOn: 'search-r2',
    difference: { refinerWeights: 'separate' },
    help: 'Search-R2 with a second network for the reviews. Shows whether writing and reviewing get in each other’s way.',
  },
  'supervised-refiner': {
    label: 'Refiner taught by labels',
    basedOn: 'separate-refiner',
    difference: { reviewSupervision: 1, refinerLearningRate: 2e-3 },
    help: 'A second network learns to review from what the world knows of the newest drafts, beside what its cuts lead to. Shows what reinforcement alone leaves unlearned.',
  },
  'second-reading': {
    label: 'Refiner that reads again',
    basedOn: 'supervised-refiner',
    difference: { reviewReading: 'steps' },
    help: 'A refiner taught by labels that reads each draft again, told first that it is to be reviewed, with a verdict behind every step.',
  },
  'reading-refiner': {
    label: 'Refiner that reads best',
    basedOn: 'second-reading',
    difference: { reviewSees: 'certainty' },
    help: 'A refiner that reads again and is told, behind every step, how sure the actor was in it. Shows what the actor’s own doubt adds to reading.',
  },
  'random-cut': {
    label: 'Random cuts',
    basedOn: 'search-r2',
    difference: { reviewCut: 'uniform' },
    help: 'The refiner still decides which drafts are cut, but chance decides where. Shows what finding the flawed step is worth.',
  },
  resample: {
    label: 'Start again instead of cutting',
    basedOn: 'search-r2',
    difference: { reviewCut: 'first' },
    help: 'The refiner still decides which drafts are rejected, but these begin again from the question. Shows what keeping the good steps is worth.',
  },
  'always-revise': {
    label: 'Every draft is cut',
    basedOn: 'search-r2',
    difference: { reviewGate: 'always' },
    help: 'The refiner cannot accept, only choose where to cut. Shows what leaving good drafts alone is worth.',
  },
  'never-revise': {
    label: 'No draft is cut',
    basedOn: 'search-r2',
    difference: { reviewGate: 'never' },
    help: 'The refiner reads every draft, but nothing is ever cut, so the actor learns alone with the process reward.',
  },
  'oracle-label': {
    label: 'Perfect refiner',
    basedOn: 'search-r2',
    difference: { refiner: 'oracleLabel', reviewWeight: 0 },
    help: 'A refiner that knows the facts cuts every draft at its flawed step. Shows how much cutting in the right place could help.',
  },
  'oracle-wrong-only': {
    label: 'Perfect refiner of wrong drafts',
    basedOn: 'oracle-label',
    difference: { refiner: 'oracleWrong' },
    help: 'A refiner that knows the facts cuts wrong drafts at their flawed step and leaves right ones alone, also those with a search that found nothing.',
  },
  'oracle-value': {
    label: 'Best cut of all',
    basedOn: 'oracle-label',
    difference: { refiner: 'oracleValue' },
    help: 'Every cut of every draft is tried several times, and the best one is made if it beats the draft. An upper bound for what a refiner can do.',
  },
  'oracle-reader': {
    label: 'Reader without a network',
    basedOn: 'oracle-label',
    difference: { refiner: 'oracleReader' },
    help: 'What the passages of a draft say about its answer is worked out by rules, without knowing the facts. Shows what one trajectory tells a refiner that reads well.',
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
