import { expect, it } from 'vitest';
import { plainLine } from './plain-line';

it('is short, and turns nothing beside it around', () => {
  expect(plainLine('a\u202eb\nc\u0007')).toBe('a b c ');
  expect(plainLine('x'.repeat(200))).toBe('x'.repeat(200));
  expect(plainLine('x'.repeat(10_000_000))).toBe(`${'x'.repeat(199)}…`);
});
