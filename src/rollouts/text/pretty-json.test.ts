import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from './pretty-json';

describe('JSON in lines', () => {
  it('is what JSON.stringify makes of it, for anything that reading and writing keeps', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const wanted = JSON.stringify(value, null, 2);
        // Written loosely or with lines of its own it comes to the same.
        expect(prettyJson(JSON.stringify(value))).toEqual({ text: wanted, more: false });
        expect(prettyJson(JSON.stringify(value, null, 7))).toEqual({ text: wanted, more: false });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"id":12345678901234567890,"x":1.0,"y":NaN}', '{\n  "id": 12345678901234567890,\n  "x": 1.0,\n  "y": NaN\n}'],
    ['{"a":"\\u00e9\\"}","a":[]}', '{\n  "a": "\\u00e9\\"}",\n  "a": []\n}'],
    ['{"cut off', '{\n  "cut off'],
    ['plain <b>text</b>', 'plain <b>text</b>'],
  ])('keeps what stands there: %s', (line, text) => {
    expect(prettyJson(line)).toEqual({ text, more: false });
  });

  it('stops where enough is there, and says that it goes on', () => {
    const line = `{"a":"${'x'.repeat(50_000_000)}","b":1}`;
    const { text, more } = prettyJson(line, 1000);
    expect(text).toBe(`{\n  "a": "${'x'.repeat(990)}`);
    expect(more).toBe(true);
    expect(prettyJson('{"a":1} ', 12)).toEqual({ text: '{\n  "a": 1\n}', more: false });
    expect(prettyJson('{"a":1}', 11)).toEqual({ text: '{\n  "a": 1\n', more: true });
    expect(prettyJson('[[[1]]]', 3)).toMatchObject({ more: true });
    expect(prettyJson('word', 3)).toEqual({ text: 'wor', more: true });
  });

  it('bears a million brackets', () => {
    const { text, more } = prettyJson('['.repeat(1_000_000), 200_000);
    expect(text).toHaveLength(200_000);
    expect(more).toBe(true);
  });
});
