import { describe, expect, it } from 'vitest';
import { configForPreset, defaultConfig, SETTING_KEYS, settingOf, SETTINGS, type RunConfig } from './schema';
import { decodeConfig, encodeConfig } from './url-codec';
import { validateConfig } from './validate';

/** The matcher's type is any. */
const containing = (text: string): unknown => expect.stringContaining(text);

describe('encodeConfig', () => {
  it('writes readable keys, and only what differs from the preset', () => {
    expect(encodeConfig(defaultConfig)).toBe('#v1&preset=search-r2&world=microwiki&seed=1');
    expect(encodeConfig(configForPreset('search-r1', { world: 'atlas', groupSize: 16, learningRate: 1e-7 }))).toBe(
      '#v1&preset=search-r1&world=atlas&seed=1&groupSize=16&learningRate=1e-7',
    );
    expect(encodeConfig({ ...defaultConfig, runSeed: 5 })).toBe(
      '#v1&preset=search-r2&world=microwiki&worldSeed=1&initSeed=1&runSeed=5',
    );
  });

  it('comes back equal, for every preset and every setting at another value', () => {
    const configs: RunConfig[] = SETTINGS.preset.options.map(({ value }) =>
      configForPreset(value, { process: 'passage' }),
    );
    for (const key of SETTING_KEYS) {
      const setting = settingOf(key);
      const values =
        setting.kind === 'enum' ? setting.options.map((option) => option.value) : [setting.min, setting.max];
      for (const value of values) configs.push(validateConfig({ [key]: value }).config);
    }
    for (const config of configs) expect(decodeConfig(encodeConfig(config))).toEqual({ config, notes: [] });
  });
});

describe('decodeConfig', () => {
  it('takes an empty hash for the defaults', () => {
    expect(decodeConfig('')).toEqual({ config: defaultConfig, notes: [] });
    expect(decodeConfig('#')).toEqual({ config: defaultConfig, notes: [] });
  });

  it('reads what a person types, a single seed overriding the shared one', () => {
    const { config, notes } = decodeConfig('#v1&seed=7&runSeed=9&klBeta=1e-2&&size=tiny');
    expect(notes).toEqual([]);
    expect(config).toEqual({ ...defaultConfig, worldSeed: 7, initSeed: 7, runSeed: 9, klBeta: 0.01, size: 'tiny' });
  });

  it('notes unknown keys and uses the nearest valid value', () => {
    const { config, notes } = decodeConfig('#v1&preset=search-r1&grupSize=4&groupSize=400&loose&=x');
    expect(config).toEqual(configForPreset('search-r1', { groupSize: 32 }));
    expect(notes).toEqual([
      'Ignored: "loose" is not of the form setting=value.',
      'Ignored: "=x" is not of the form setting=value.',
      'Ignored: there is no setting "grupSize". Did you mean groupSize?',
      'Used 32: groupSize must be an integer from 2 to 32, not "400".',
    ]);
  });

  it('says once that a shared seed is invalid', () => {
    const { config, notes } = decodeConfig('#v1&seed=-3');
    expect(config).toEqual({ ...defaultConfig, worldSeed: 0, initSeed: 0, runSeed: 0 });
    expect(notes).toEqual(['Used 0: seed must be an integer from 0 to 4294967295, not "-3".']);
  });

  it('refuses a newer version politely', () => {
    const { config, notes } = decodeConfig('#v2&preset=search-r1');
    expect(config).toEqual(defaultConfig);
    expect(notes).toEqual([
      'The link is of version v2; this page reads v1. It comes from a newer version of Cutpoint: reload the page, or update the program. The defaults are shown instead.',
    ]);
  });

  it.each([
    ['#v0&preset=search-r1', 'There is no link version v0.'],
    ['#v10&preset=search-r1', 'The link is of version v10; this page reads v1.'],
    ['#xv1&preset=search-r1', 'The link does not start with its version'],
    ['#v1x&preset=search-r1', 'The link does not start with its version'],
  ])('refuses %s', (hash, why) => {
    const { config, notes } = decodeConfig(hash);
    expect(config).toEqual(defaultConfig);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(why);
  });

  it('reads up to 8000 characters, and says how many notes it leaves out', () => {
    const long = (length: number) => decodeConfig('v1&preset=search-r1&x='.padEnd(length, 'y'));
    expect(long(8000).config.preset).toBe('search-r1');
    expect(long(8001)).toEqual({ config: defaultConfig, notes: [containing('The link is too long')] });
    const wrong = (count: number) =>
      decodeConfig(`#v1&${Array.from({ length: count }, (_, i) => `k${i}=1`).join('&')}`);
    expect(wrong(8).notes.at(-1)).toContain('k7');
    expect(wrong(9).notes).toHaveLength(9);
    expect(wrong(9).notes.at(-1)).toBe('And 1 more.');
    expect(wrong(30).notes.at(-1)).toBe('And 22 more.');
  });

  it('never throws and stays valid on garbage', () => {
    const garbage = [
      '#v1&seed=-1',
      '#v1&seed=%E0%A4%A',
      '#v1&__proto__=1&constructor=2&toString=3',
      '#preset=search-r1',
      '#v0&a=b',
      `#v1&${'a=b&'.repeat(100_000)}`,
      `#v1&${Array.from({ length: 500 }, (_, i) => `k${i}=1`).join('&')}`,
      '#v1&preset=%00%1b[31m',
    ];
    for (const hash of garbage) {
      const { config, notes } = decodeConfig(hash);
      expect(validateConfig({ ...config })).toEqual({ config, notes: [] });
      expect(notes.length, hash.slice(0, 40)).toBeGreaterThan(0);
      expect(notes.length).toBeLessThanOrEqual(9);
    }
  });
});
