import { describe, expect, it } from 'vitest';
import { duration, fixed, percent, probability, settingText, signed } from './format';

describe('numbers on the page', () => {
  it('have fixed decimals, a true minus and a dash for what is undefined', () => {
    expect(fixed(1.005, 1)).toBe('1.0');
    expect(fixed(-0.5)).toBe('\u22120.50');
    expect(fixed(null)).toBe('–');
    expect(fixed(NaN)).toBe('–');
    expect(signed(0.25)).toBe('+0.25');
    expect(signed(0)).toBe('0.00');
    expect(percent(0.1234)).toBe('12.3 %');
  });

  it('write probabilities in two digits and never round to a wrong certainty', () => {
    expect(probability(0.814)).toBe('.81');
    expect(probability(0)).toBe('.00');
    expect(probability(0.994)).toBe('.99');
    expect(probability(0.999)).toBe('1.0');
  });

  it('write settings as a person would type them', () => {
    expect(settingText(0.0002)).toBe('0.0002');
    expect(settingText(0.00002)).toBe('2e\u22125');
    expect(settingText(0)).toBe('0');
    expect(settingText('model')).toBe('model');
  });

  it('write waiting times in units that say something', () => {
    expect([0.2, 59, 60, 3540, 3600, 4800, 36_000].map(duration)).toEqual([
      ...['1 s', '59 s', '1 min', '59 min', '1 h', '1 h 20 min', '10 h'],
    ]);
  });
});
