import { describe, expect, it } from 'vitest';
import { readLiteral } from './literal';

describe('a value that is not quite JSON', () => {
  it.each([
    ["{'a': None, 'b': [True, False, nan]}", { a: null, b: [true, false, null] }],
    ["['Paris' 'Lutetia']", ['Paris', 'Lutetia']],
    ["('x', 1, -2.5e1)", ['x', 1, -25]],
    [String.raw`['L\'Isle', "\u00e9\x41\n"]`, ["L'Isle", 'éA\n']],
    ["array(['x'], dtype=object)", ['x']],
    ['search(query="x", top_k=3)', { query: 'x', top_k: 3 }],
    ['search("x", 3)', 'x'],
    ['relations("x", "y")', ['x', 'y']],
    ['[search(query="x", deep=True)]', [{ query: 'x', deep: true }]],
    ['tensor([1, 2, ..., 9])', [1, 2, null, 9]],
    ['{1: 2}', { 1: 2 }],
    ['[]', []],
    ['{"__proto__": 1}', Object.fromEntries([['__proto__', 1]])],
  ])('%s', (source, value) => {
    expect(readLiteral(source)).toEqual({ value, whole: true });
  });

  it.each([
    ['[{"a": "x"}, {"a": "cut o', [{ a: 'x' }, { a: 'cut o' }]],
    ['{"a": [1, 2', { a: [1, 2] }],
    ['{"a": 1, "b', { a: 1 }],
    ['{"a":', { a: null }],
  ])('that was cut off ends there: %s', (source, value) => {
    expect(readLiteral(source)).toEqual({ value, whole: false });
  });

  it.each(['Paris', '[Paris]', '[1] 2', '{x}', '{"a" 1}', '<a>', '-'])('%s is none', (source) => {
    expect(readLiteral(source)).toBeUndefined();
  });

  it('may nest deeper than any stack', () => {
    expect(readLiteral('['.repeat(100_000))).toBeUndefined();
  });
});
