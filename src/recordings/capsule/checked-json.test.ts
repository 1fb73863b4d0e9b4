import { describe, expect, it } from 'vitest';
import { CheckedJson } from './checked-json';

const read = (value: Record<string, unknown>, path = '') => new CheckedJson(value, path, (what) => new Error(what));
const LONG = 'x'.repeat(10_001);

describe('a value of a foreign file', () => {
  it('is handed on where it is what was asked for', () => {
    const json = read({
      text: 'x'.repeat(10_000),
      empty: '',
      number: -1.5,
      none: 0,
      most: 2 ** 31,
      off: false,
      kind: 'b',
      object: { inner: 1 },
      texts: ['a', ''],
      counts: [0, 2 ** 40],
      objects: [{ n: 1 }, { n: 2 }],
      metrics: { a: 0, b: null, c: -0.25 },
    });
    expect(json.text('text')).toHaveLength(10_000);
    expect(json.text('empty')).toBe('');
    expect(json.number('number')).toBe(-1.5);
    expect(json.count('none')).toBe(0);
    expect(json.count('most')).toBe(2 ** 31);
    expect(json.count('none', 0)).toBe(0);
    expect(json.flag('off')).toBe(false);
    expect(json.choice('kind', ['a', 'b'] as const)).toBe('b');
    expect(json.object('object').count('inner')).toBe(1);
    expect(json.json('object')).toEqual({ inner: 1 });
    expect(json.texts('texts')).toEqual(['a', '']);
    expect(json.counts('counts')).toEqual([0, 2 ** 40]);
    expect(json.objects('objects').map((one) => one.count('n'))).toEqual([1, 2]);
    expect(json.numbersOrNull('metrics')).toEqual({ a: 0, b: null, c: -0.25 });
  });

  it('is one short line where it stands on screen', () => {
    const json = read({
      long: 'x'.repeat(10_000),
      turned: 'a\u202Egpj.exe\u2066b',
      broken: 'a\nb\u0000c',
      plain: 'é ß',
    });
    expect(json.line('long')).toBe(`${'x'.repeat(199)}…`);
    expect(json.line('turned')).toBe('a gpj.exe b');
    expect(json.line('broken')).toBe('a b c');
    expect(json.line('plain')).toBe('é ß');
  });

  it('is there where it is neither missing nor null', () => {
    const json = read({ there: 0, nothing: null, off: false });
    expect(['there', 'off', 'nothing', 'missing', 'toString'].filter((key) => json.has(key))).toEqual(['there', 'off']);
    expect(json.raw('toString')).toBeUndefined();
    expect(json.raw('there')).toBe(0);
  });

  it.each<[what: string, value: unknown, read: (json: CheckedJson) => unknown, told: string]>([
    ['a number for text', 5, (json) => json.text('x'), 'its "x" is not text'],
    ['a text that is far too long', LONG, (json) => json.text('x'), 'its "x" is not text'],
    ['a text for a number', '5', (json) => json.number('x'), 'its "x" is not a number'],
    ['NaN', NaN, (json) => json.number('x'), 'its "x" is not a number'],
    ['Infinity', Infinity, (json) => json.number('x'), 'its "x" is not a number'],
    ['a text for a count', '5', (json) => json.count('x'), 'its "x" is not a whole number from 0 to 2147483648'],
    ['a fraction', 1.5, (json) => json.count('x'), 'a whole number from 0'],
    ['a negative count', -1, (json) => json.count('x'), 'a whole number from 0'],
    ['a count beyond all', 2 ** 31 + 1, (json) => json.count('x'), 'a whole number from 0'],
    ['a count beyond the most', 8, (json) => json.count('x', 7), 'its "x" is not a whole number from 0 to 7'],
    ['a number for a flag', 1, (json) => json.flag('x'), 'its "x" is not true or false'],
    ['another choice', 'c', (json) => json.choice('x', ['a', 'b']), 'its "x" is not one of a, b'],
    ['null for an object', null, (json) => json.object('x'), 'its "x" is not an object'],
    ['a list for an object', [], (json) => json.object('x'), 'its "x" is not an object'],
    ['a text for an object', 'x', (json) => json.json('x'), 'its "x" is not an object'],
    ['a list for the object itself', [1], (json) => json.json('x'), 'its "x" is not an object'],
    ['an object for a list', {}, (json) => json.texts('x'), 'its "x" is not a list'],
    ['a list that is far too long', Array(200_001).fill(''), (json) => json.texts('x'), 'its "x" is not a list'],
    ['a number among texts', ['a', 2], (json) => json.texts('x'), 'its "x[1]" is not text'],
    ['a long text among texts', ['a', LONG], (json) => json.texts('x'), 'its "x[1]" is not text'],
    ['a text among counts', [1, '2'], (json) => json.counts('x'), 'its "x[1]" is not a whole number'],
    ['a fraction among counts', [0.5], (json) => json.counts('x'), 'its "x[0]" is not a whole number'],
    ['a negative one among counts', [-1], (json) => json.counts('x'), 'its "x[0]" is not a whole number'],
    ['a text among numbers', [0.5, '2'], (json) => json.numbers('x'), 'its "x[1]" is not a number'],
    ['a number too few', [0.5, -2], (json) => json.numbers('x', 3), 'its "x" is not a list of 3 numbers'],
    ['an object too many', [{}, {}], (json) => json.objects('x', 1), 'its "x" is not a list of 1 objects'],
    ['a list among objects', [{}, []], (json) => json.objects('x'), 'its "x[1]" is not an object'],
    ['null among objects', [null], (json) => json.objects('x'), 'its "x[0]" is not an object'],
    ['a text among metrics', { a: '1' }, (json) => json.numbersOrNull('x'), 'its "x.a" is not a number or null'],
    ['NaN among metrics', { a: NaN }, (json) => json.numbersOrNull('x'), 'its "x.a" is not a number or null'],
    [
      'a metric with an endless name',
      { ['a'.repeat(50)]: true },
      (json) => json.numbersOrNull('x'),
      `its "x.${'a'.repeat(40)}" is not`,
    ],
  ])('is refused by its name: %s', (_, value, read_, told) => {
    expect(() => read_(read({ x: value }))).toThrow(told);
  });

  it('is named by its whole path', () => {
    const json = read({ list: [{}, { inner: { deep: 'no' } }], lone: { inner: { flag: 0 } } }, 'file');
    const [, second] = json.objects('list');
    expect(() => second?.object('inner').number('deep')).toThrow('its "file.list[1].inner.deep" is not a number');
    expect(() => json.object('lone').object('inner').flag('flag')).toThrow('its "file.lone.inner.flag" is not');
  });

  it('may fill a list to the brim', () => {
    expect(read({ x: Array(200_000).fill(1) }).counts('x')).toHaveLength(200_000);
  });
});
