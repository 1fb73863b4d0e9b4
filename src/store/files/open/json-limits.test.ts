import { expect, it } from 'vitest';
import { isTooMuchJson } from './json-limits';

const is = (text: string): boolean => isTooMuchJson(new TextEncoder().encode(text));

it.each([
  ['nothing', '', false],
  ['what is deep enough', '['.repeat(64) + ']'.repeat(64), false],
  ['what is too deep', '['.repeat(65) + ']'.repeat(65), true],
  ['objects that are too deep', '{"a":'.repeat(65), true],
  ['brackets in a text', `["${'['.repeat(100)}"]`, false],
  ['brackets behind a quote in a text', `["\\"${'['.repeat(100)}"]`, false],
  ['brackets behind a text that ends in a backslash', `["\\\\",${'['.repeat(100)}]`, true],
  ['many that are closed again', '[],'.repeat(1000), false],
  ['two million values', `[${'0,'.repeat(2_000_000)}0]`, true],
  ['nearly so many', `[${'0,'.repeat(1_900_000)}0]`, false],
])('%s', (_, text, wanted) => expect(is(text)).toBe(wanted));
