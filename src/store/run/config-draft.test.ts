import { describe, expect, it } from 'vitest';
import { configForPreset, defaultConfig } from '../../config/schema';
import { changesAgainstPreset, changesBetween, needsRestart, withPreset, withSetting } from './config-draft';

describe('what a person changed', () => {
  it('is told in the order of the table, from and to, the name of the preset aside', () => {
    const from = configForPreset('search-r2');
    expect(changesBetween(from, { ...from, preset: 'search-r1', learningRate: 0.5, worldSeed: 9 })).toEqual([
      { key: 'worldSeed', from: from.worldSeed, to: 9 },
      { key: 'learningRate', from: from.learningRate, to: 0.5 },
    ]);
    expect(changesBetween(from, from)).toEqual([]);
    expect(changesAgainstPreset({ ...from, groupSize: 3 })).toEqual([
      { key: 'groupSize', from: from.groupSize, to: 3 },
    ]);
  });

  it('takes another run where it is of the world, the model or the preset', () => {
    const from = defaultConfig;
    expect(needsRestart(from, from)).toBe(false);
    expect(needsRestart(from, { ...from, learningRate: 0.5, groupSize: 3, klBeta: 0.1 })).toBe(false);
    for (const other of [{ worldSeed: 9 }, { size: 'tiny' }, { preset: 'search-r1' }, { guess: 0 }] as const) {
      expect(needsRestart(from, { ...from, ...other })).toBe(true);
    }
  });

  it('is left as it is where the value is none of the setting', () => {
    const from = defaultConfig;
    for (const value of ['many', 1.5, 1e9, null]) expect(withSetting(from, 'groupSize', value)).toBe(from);
    expect(withSetting(from, 'groupSize', 3)).toEqual({ ...from, groupSize: 3 });
    expect(withSetting(from, 'size', 'giant')).toBe(from);
  });

  it('lies on top of another preset too', () => {
    const changed = { ...configForPreset('search-r2'), groupSize: 3 };
    expect(withPreset(changed, 'search-r1')).toEqual({ ...configForPreset('search-r1'), groupSize: 3 });
  });
});
