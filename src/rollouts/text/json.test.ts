import { describe, expect, it } from 'vitest';
import { finite, first, isArray, isObject, parsed, parsedLoosely, text } from './json';

it('tells objects, lists and the rest apart', () => {
  const values = [{}, [], null, 'x', 3, undefined];
  expect(values.map(isObject)).toEqual([true, false, false, false, false, false]);
  expect(values.map(isArray)).toEqual([false, true, false, false, false, false]);
  expect(values.map(text)).toEqual([null, null, null, 'x', null, null]);
});

it('counts true and false as 1 and 0, and nothing else as a number', () => {
  expect([0.5, true, false, NaN, Infinity, '1', null, [1]].map(finite)).toEqual([
    0.5,
    1,
    0,
    null,
    null,
    null,
    null,
    null,
  ]);
});

it('takes the first key that is there and not null', () => {
  expect(first({ a: null, b: undefined, c: 0, d: 1 }, ['a', 'b', 'c', 'd'])).toBe(0);
  expect(first({ d: 1 }, ['a'])).toBeUndefined();
});

it('reads JSON, and nothing from what is none', () => {
  expect(parsed('[1]')).toEqual([1]);
  expect(parsed('null')).toBeNull();
  expect(parsed('[1')).toBeUndefined();
});

describe('parsedLoosely', () => {
  it.each([
    ['{"a": NaN, "b": [-Infinity, Infinity, -NaN, 1]}', { a: null, b: [null, null, null, 1] }, 4],
    ['{"NaN": "NaN \\"NaN", "a": NaN}', { NaN: 'NaN "NaN', a: null }, 1],
    ['{"a": "NaN"}', { a: 'NaN' }, 0],
  ])('%s', (source, value, unknownNumbers) => {
    expect(parsedLoosely(source)).toEqual({ value, unknownNumbers });
  });

  it.each(['{"a": nan}', '{"a": "NaN}', '{"a": xNaN}', '{NaN'])('%s is no JSON all the same', (source) => {
    expect(parsedLoosely(source)).toBeUndefined();
  });
});
