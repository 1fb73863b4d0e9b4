import { describe, expect, it } from 'vitest';
import { PRESET_HELP } from './preset-help';
import { SETTING_HELP } from './setting-help';
import { settleRules } from './rules';
import {
  configForPreset,
  defaultConfig,
  isRunConfig,
  isSettingKey,
  isValueOf,
  MODEL_SIZES,
  presets,
  SETTING_GROUPS,
  SETTING_KEYS,
  SETTINGS,
  settingOf,
  type RunConfig,
} from './schema';

const equalAside = (a: RunConfig, b: RunConfig) => SETTING_KEYS.every((key) => key === 'preset' || a[key] === b[key]);
const presetIds = SETTINGS.preset.options.map((option) => option.value);

describe('the table of settings', () => {
  it('has a valid default, a range and plain texts for every setting', () => {
    for (const key of SETTING_KEYS) {
      const setting = settingOf(key);
      expect(isValueOf(key, setting.default), key).toBe(true);
      expect(setting.label.length, key).toBeLessThanOrEqual(30);
      expect(SETTING_HELP[key], key).toMatch(/^[A-Z].*\.$/);
      if (setting.kind === 'enum')
        expect(new Set(setting.options.map((o) => o.value)).size).toBe(setting.options.length);
      else expect(setting.min, key).toBeLessThan(setting.max);
    }
    expect(SETTING_GROUPS).toEqual([
      'Run',
      'World',
      'Model',
      'Rollout',
      'Refiner',
      'Reward',
      'Objective',
      'WarmStart',
      'Evaluation',
    ]);
  });

  it('checks types and ranges', () => {
    expect(isValueOf('groupSize', 2)).toBe(true);
    for (const bad of [1, 33, 2.5, NaN, '8', null, undefined]) expect(isValueOf('groupSize', bad)).toBe(false);
    for (const bad of [Infinity, -Infinity, NaN, -1e-9]) expect(isValueOf('klBeta', bad)).toBe(false);
    expect(isValueOf('klBeta', '0.5')).toBe(false);
    expect(isValueOf('refiner', 'oracleLabel')).toBe(true);
    expect(isValueOf('refiner', 'toString')).toBe(false);
  });

  it('knows its own keys only', () => {
    expect(isSettingKey('learningRate')).toBe(true);
    for (const key of ['__proto__', 'constructor', 'toString', '']) expect(isSettingKey(key)).toBe(false);
    expect(isRunConfig({ ...defaultConfig, epochs: 5 })).toBe(false);
  });
});

describe('presets', () => {
  it('are complete, valid and named as their option', () => {
    for (const id of presetIds) {
      const config = configForPreset(id);
      expect(isRunConfig({ ...config })).toBe(true);
      expect(config.preset).toBe(id);
      expect(presets[id].label).not.toBe('');
    }
    expect(Object.keys(presets).sort()).toEqual([...presetIds].sort());
    expect(configForPreset('search-r2')).toEqual(defaultConfig);
  });

  it('differ as the method says', () => {
    expect(configForPreset('search-r1')).toEqual({
      ...defaultConfig,
      preset: 'search-r1',
      refiner: 'none',
      process: 'off',
    });
    expect(configForPreset('refiner-only')).toEqual({
      ...defaultConfig,
      preset: 'refiner-only',
      reviewWeight: 0,
      process: 'off',
    });
    expect(configForPreset('oracle-label')).toMatchObject({
      refiner: 'oracleLabel',
      reviewWeight: 0,
      process: 'collection',
    });
    // Whatever the defaults come to be, these say what they are compared for.
    const paper = { refiner: 'model', refinerAdvantage: 'group', reviewWeight: 1, process: 'collection' };
    expect(configForPreset('search-r2-paper')).toMatchObject({ ...paper, reviewGate: 'model', reviewCut: 'model' });
    expect(configForPreset('search-r1-matched')).toMatchObject({ refiner: 'none', process: 'off' });
  });

  it.each(presetIds)('%s says and changes little, and keeps the rules between settings', (id) => {
    const { basedOn, difference } = presets[id];
    // One is no arm but a world, with all of its levels.
    expect(Object.keys(difference).length).toBeLessThanOrEqual(id === 'hard' ? 4 : 2);
    expect(PRESET_HELP[id]).toMatch(/^[A-Z].*\.$/);
    const config = configForPreset(id);
    expect(settleRules(config)).toEqual({ config, broken: [] });
    // Each changes something, and no two are the same.
    if (basedOn !== null) expect(Object.keys(difference)).not.toEqual([]);
    const alike = presetIds.filter((other) => equalAside(configForPreset(other), config));
    expect(alike).toEqual([id]);
  });

  it('take overrides but keep their name', () => {
    const config = configForPreset('search-r1', { groupSize: 16, process: 'passage' });
    expect(config).toMatchObject({ preset: 'search-r1', groupSize: 16, process: 'passage', refiner: 'none' });
  });
});

describe('MODEL_SIZES', () => {
  it('have heads of an even, whole width', () => {
    for (const shape of Object.values(MODEL_SIZES)) {
      expect(shape.width % (2 * shape.heads)).toBe(0);
      expect(shape.heads % shape.kvHeads).toBe(0);
    }
  });
});
