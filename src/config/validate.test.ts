import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { configForPreset, defaultConfig } from './schema';
import { checkSetting, describeRange, quote, requireValidConfig, validateConfig } from './validate';

/** A second network that reads again and is taught by labels. */
const TAUGHT = { refinerWeights: 'separate', reviewReading: 'steps', reviewSupervision: 1 } as const;

function errorOf(raw: Record<string, unknown>): UserError {
  try {
    requireValidConfig(raw);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('checkSetting', () => {
  it('reads values and their text', () => {
    expect(checkSetting('learningRate', '1e-3').value).toBe(0.001);
    expect(checkSetting('groupSize', ' 16 ').value).toBe(16);
    expect(checkSetting('groupSize', 16).value).toBe(16);
    expect(checkSetting('size', 'tiny').value).toBe('tiny');
  });

  it('names the nearest valid value', () => {
    expect(checkSetting('groupSize', '1000').problem?.nearest).toBe(32);
    expect(checkSetting('groupSize', '7.6').problem?.nearest).toBe(8);
    expect(checkSetting('klBeta', -1).problem?.nearest).toBe(0);
    // Each hop takes a search, and a trajectory has four.
    expect(checkSetting('maxHops', 5).problem?.nearest).toBe(4);
    expect(checkSetting('noise', 2).problem?.nearest).toBe(0.9);
    expect(checkSetting('size', 3).problem?.nearest).toBe('small');
    expect(checkSetting('klBeta', '1e999').problem?.nearest).toBe(1);
    expect(checkSetting('size', 'smal').problem?.nearest).toBe('small');
    expect(checkSetting('size', 'x').problem?.nearest).toBe('small');
    for (const unreadable of ['', 'many', '0x10', '1,5', 'NaN', NaN, null, {}, [], true]) {
      expect(checkSetting('groupSize', unreadable).problem?.nearest).toBe(8);
    }
    expect(checkSetting('groupSize', '1000').problem?.message).toBe(
      'groupSize must be an integer from 2 to 32, not "1000"',
    );
  });
});

describe('validateConfig', () => {
  it('accepts nothing and a complete configuration', () => {
    expect(validateConfig({})).toEqual({ config: defaultConfig, notes: [] });
    const config = configForPreset('search-r1', { groupSize: 4 });
    expect(validateConfig({ ...config })).toEqual({ config, notes: [] });
  });

  it('starts from the preset that is named, wherever it stands', () => {
    const { config } = validateConfig({ process: 'passage', preset: 'search-r1' });
    expect(config).toEqual(configForPreset('search-r1', { process: 'passage' }));
  });

  it('lies on top of a given base', () => {
    const base = configForPreset('refiner-only', { runSeed: 7 });
    expect(validateConfig({ groupSize: 3 }, base).config).toEqual({ ...base, groupSize: 3 });
  });

  it('notes what it changed', () => {
    const { config, notes } = validateConfig({ preset: 'serch-r1', grupSize: 4, klBeta: 9, banana: 1 });
    expect(config).toEqual(configForPreset('search-r1', { klBeta: 1 }));
    expect(notes).toEqual([
      `Used search-r1: preset must be ${describeRange('preset')}, not "serch-r1".`,
      'Ignored: there is no setting "grupSize". Did you mean groupSize?',
      'Used 1: klBeta must be a number from 0 to 1, not 9.',
      'Ignored: there is no setting "banana".',
    ]);
  });

  it('scales demonstrator errors that add up to more than 1', () => {
    const { config, notes } = validateConfig({ vagueQuery: 1, wrongRelation: 1, wrongEntity: 0, guess: 0 });
    expect(config).toMatchObject({ vagueQuery: 0.5, wrongRelation: 0.5 });
    expect(notes).toHaveLength(1);
    expect(validateConfig({ vagueQuery: 0.1, wrongRelation: 0.2, wrongEntity: 0, guess: 0.7 }).notes).toEqual([]);
  });

  it.each([
    [{ refiner: 'oracleLabel', reviewGate: 'always' }, { reviewGate: 'model' }],
    [{ refiner: 'none', reviewCut: 'uniform' }, { reviewCut: 'model' }],
    [{ refiner: 'oracleValue', maxRevisions: 2 }, { maxRevisions: 1 }],
    [{ refiner: 'oracleReader', maxRevisions: 2 }, { maxRevisions: 1 }],
    [{ refiner: 'oracleLabel', reviewReading: 'steps' }, { reviewReading: 'behind' }],
    [{ refiner: 'model', reviewSees: 'certainty' }, { reviewSees: 'text' }],
    [{ refiner: 'oracleLabel', marginFrom: 'pool' }, { marginFrom: 'setting' }],
    [{ refiner: 'none', reviewSupervision: 1 }, { reviewSupervision: 0 }],
    [{ refiner: 'model', minHops: 4 }, { minHops: 1 }],
    [{ refiner: 'model', rumourSpread: 'outnumber', noise: 0 }, { rumourSpread: 'one' }],
    [{ refiner: 'model', reviewSupervision: 1, epochs: 2 }, { epochs: 1 }],
    [{ refiner: 'model', refinerLearningRate: 1e-3 }, { refinerLearningRate: 0 }],
    [{ refiner: 'model', refinerLayers: 6, refinerWeights: 'separate' }, { refinerLayers: 0 }],
    [{ refiner: 'model', refinerWidth: 128, refinerWeights: 'separate' }, { refinerWidth: 0 }],
    [{ refiner: 'model', refinerWidth: 128, reviewReading: 'steps' }, { refinerWidth: 0 }],
    [{ refiner: 'model', ...TAUGHT, refinerWidth: 96 }, { refinerWidth: 0 }],
    [{ refiner: 'model', ...TAUGHT, reviewReading: 'behind', reviewThoughts: 1 }, { reviewThoughts: 0 }],
    [{ refiner: 'model', ...TAUGHT, refinerWeights: 'shared', reviewThoughts: 1 }, { reviewThoughts: 0 }],
    [{ refiner: 'model', ...TAUGHT, reviewSupervision: 0, reviewThoughts: 1 }, { reviewThoughts: 0 }],
    [{ refiner: 'model', ...TAUGHT, reviewGate: 'always', reviewThoughts: 1 }, { reviewThoughts: 0 }],
    [{ refiner: 'model', refinerLayers: 6, reviewReading: 'steps' }, { refinerLayers: 0 }],
    [
      { refiner: 'model', refinerLayers: 2, size: 'small', refinerWeights: 'separate', reviewReading: 'steps' },
      { refinerLayers: 0 },
    ],
    [{ refiner: 'model', maxRevisions: 2, reviewSamples: 4 }, { reviewSamples: 1 }],
    [{ preset: 'never-revise', refiner: 'none' }, { reviewGate: 'model' }],
  ])('repairs what does not go together: %o', (raw, repaired) => {
    const { config, notes } = validateConfig(raw);
    expect(config).toMatchObject({ refiner: raw.refiner, ...repaired });
    expect(notes).toHaveLength(1);
    const { message, hint } = errorOf(raw);
    expect(notes[0]).toContain(message);
    for (const [key, value] of Object.entries(repaired))
      expect(`${message} ${hint ?? ''}`).toContain(`${key}=${value}`);
  });

  it.each([
    { refiner: 'model', maxRevisions: 1, reviewSamples: 4 },
    { refiner: 'model', maxRevisions: 2, reviewSamples: 1 },
    { refiner: 'oracleLabel', maxRevisions: 2, reviewSamples: 4 },
    { refiner: 'oracleValue', maxRevisions: 1 },
    { refiner: 'model', reviewGate: 'always', reviewCut: 'first' },
    { refiner: 'model', reviewReading: 'steps', reviewSees: 'certainty', reviewSupervision: 1 },
    { refiner: 'model', ...TAUGHT, reviewThoughts: 0.5, reviewSees: 'certainty', maxRevisions: 2, refinerLayers: 4 },
    { refiner: 'model', ...TAUGHT, refinerWidth: 96, size: 'tiny', refinerLayers: 3 },
    { refiner: 'model', ...TAUGHT, reviewThoughts: 1, reviewSamples: 2, reviewGate: 'never', reviewCut: 'first' },
    { refiner: 'model', marginFrom: 'pool', margin: 1 },
    { refiner: 'model', rumourSpread: 'outnumber', minHops: 4, maxHops: 4 },
    { refiner: 'model', refinerWeights: 'separate', refinerLearningRate: 1e-3, reviewLabelSteps: 4 },
    { refiner: 'model', refinerWeights: 'separate', refinerLayers: 3, size: 'small', reviewReading: 'steps' },
  ])('leaves alone what goes together: %o', (raw) => {
    expect(validateConfig(raw)).toEqual({ config: { ...defaultConfig, ...raw }, notes: [] });
  });

  it('survives hostile keys', () => {
    const raw: unknown = JSON.parse('{"__proto__": {"groupSize": 4}, "constructor": 1}');
    expect(validateConfig(Object.fromEntries(Object.entries(raw ?? {}))).config).toEqual(defaultConfig);
  });
});

describe('requireValidConfig', () => {
  it('returns what is valid', () => {
    expect(requireValidConfig({ preset: 'search-r1', groupSize: '4' })).toEqual(
      configForPreset('search-r1', { groupSize: 4 }),
    );
  });

  it('throws what a person can act on', () => {
    const unknown = errorOf({ grupSize: '4' });
    expect([unknown.message, unknown.hint]).toEqual(['There is no setting "grupSize".', 'Did you mean groupSize?']);
    const range = errorOf({ groupSize: '99' });
    expect(range.message).toBe('groupSize must be an integer from 2 to 32, not "99".');
    expect(range.hint).toBe('The nearest valid value is 32.');
    expect(errorOf({ vagueQuery: 1 }).message).toContain('add up to at most 1');
  });
});

describe('texts', () => {
  it('quote shortens and removes control characters', () => {
    expect(quote('a\u001b[31mb')).toBe('"a?[31mb"');
    expect(quote('x'.repeat(40))).toBe(`"${'x'.repeat(40)}"`);
    expect(quote('x'.repeat(41))).toBe(`"${'x'.repeat(40)}..."`);
    expect(quote('x'.repeat(1000))).toHaveLength(45);
  });

  it('describeRange says what is accepted', () => {
    expect(describeRange('refiner')).toBe('one of none, model, oracleLabel, oracleWrong, oracleValue, oracleReader');
    expect(describeRange('klBeta')).toBe('a number from 0 to 1');
  });
});
