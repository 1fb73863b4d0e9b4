import { describe, expect, it } from 'vitest';
import { count, duration, fixed, percent, probability, settingText, signed } from './format';

describe('numbers on the page', () => {
  it('have fixed decimals, a true minus and a dash for what is undefined', () => {
    expect(fixed(1.005, 1)).toBe('1.0');
    expect(fixed(-0.5)).toBe('\u22120.50');
    expect(fixed(null)).toBe('–');
    expect(fixed(undefined)).toBe('–');
    expect(fixed(NaN)).toBe('–');
    expect(fixed(-Infinity)).toBe('–');
    expect(signed(0.25)).toBe('+0.25');
    expect(signed(0)).toBe('0.00');
    expect(signed(-0.25, 1)).toBe('\u22120.3');
    expect(percent(0.1234)).toBe('12.3 %');
    expect(percent(1, 0)).toBe('100 %');
    expect(percent(-0.05)).toBe('\u22125.0 %');
    expect([null, undefined, NaN, Infinity].map((value) => percent(value))).toEqual(['–', '–', '–', '–']);
    expect([0, 999, 1234567].map(count)).toEqual(['0', '999', '1,234,567']);
  });

  it('write probabilities in two digits and never round to a wrong certainty', () => {
    expect(probability(0.814)).toBe('.81');
    expect(probability(0)).toBe('.00');
    expect(probability(0.994)).toBe('.99');
    expect(probability(0.995)).toBe('1.0');
    expect(probability(0.999)).toBe('1.0');
  });

  it('group whole numbers as the browser does', () => {
    for (const value of [0, 7, 999, 1000, 12345, 999999, 1234567, -1, -999, -1000, 2 ** 53 - 1, 1e21, 1234.5]) {
      expect(count(value)).toBe(value.toLocaleString('en-US'));
    }
  });

  it('write settings as a person would type them', () => {
    expect(settingText(0.0002)).toBe('0.0002');
    expect(settingText(0.00002)).toBe('2e\u22125');
    expect(settingText(0.0001)).toBe('0.0001');
    expect(settingText(0)).toBe('0');
    // Text that a person is still typing stays as it is.
    expect(settingText('0.00002')).toBe('0.00002');
    expect(settingText('model')).toBe('model');
  });

  it('write waiting times in units that say something', () => {
    expect([0.2, 59, 60, 3540, 3600, 4800, 36_000].map(duration)).toEqual([
      ...['1 s', '59 s', '1 min', '59 min', '1 h', '1 h 20 min', '10 h'],
    ]);
  });
});
