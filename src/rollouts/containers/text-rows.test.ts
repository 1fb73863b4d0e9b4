import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ROW, TextRows } from './text-rows';

function read(text: string, pieces = 1) {
  const found: string[] = [];
  const rows = new TextRows((bytes, unit, number) =>
    found.push(`${unit} ${number} ${new TextDecoder().decode(bytes)}`),
  );
  const bytes = new TextEncoder().encode(text);
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length; at += size) rows.push(bytes.subarray(at, at + size));
  return { open: rows.end(), found };
}

/** How long each row is that comes of a text in pieces of a megabyte. */
function lengths(parts: readonly string[]) {
  const found: number[] = [];
  const rows = new TextRows((bytes) => found.push(bytes.length));
  const encoder = new TextEncoder();
  for (const part of parts) rows.push(encoder.encode(part));
  rows.end();
  return found;
}

describe('an array of words and numbers', () => {
  it('is whole, though none of them has an end of its own', () => {
    expect(read('["a", "b,]", 3]\n', 5)).toEqual({ open: false, found: ['entry 1 "a"', 'entry 2 "b,]"', 'entry 3 3'] });
    expect(read('["a", 3', 3).open).toBe(true);
  });
});

describe('a row that is longer than any that is read', () => {
  const MB = 'x'.repeat(1_000_000);
  const many = (count: number): string[] => Array.from({ length: count }, () => MB);

  it('keeps one byte too many, and what follows is read', () => {
    expect(lengths(['{"a":1}\n{"b":"', ...many(80), '"}\n{"c":3}'])).toEqual([7, expect.any(Number), 7]);
    const [, long = 0] = lengths(['{"a":1}\n{"b":"', ...many(80), '"}\n{"c":3}']);
    expect(long).toBeGreaterThan(MAX_ROW);
    expect(long).toBeLessThan(MAX_ROW + 2_000_000);
  });

  it('is not waited for where it is the first', () => {
    const [first = 0, ...others] = lengths(['{"a":"', ...many(60), '"}\n{"b":2}\n']);
    expect(first).toBeGreaterThan(MAX_ROW);
    expect(first).toBeLessThan(MAX_ROW + 2_000_000);
    expect(others).toEqual([7]);
  });

  it('is no row where it is blank, and the lines behind it are', () => {
    const blank = ' '.repeat(1_000_000);
    expect(lengths([...Array.from({ length: 40 }, () => blank), '\n{"b":2}\n']).at(-1)).toBe(7);
  });

  it('may be an entry that is longer, up to what an evaluation has', () => {
    const [entry = 0, ...others] = lengths(['[{"a":"', ...many(50), '"},7]']);
    expect(entry).toBe(50_000_008);
    expect(others).toEqual([1]);
  });
});

describe('text', () => {
  it.each([
    ['{"a":1}\n{"b":2}\n', ['line 1 {"a":1}', 'line 2 {"b":2}']],
    ['{"a":1}', ['line 1 {"a":1}']],
    ['\uFEFF{"a":1}\n', ['line 1 {"a":1}']],
    ['[{"a":"]}"},{"b":[2]}]', ['entry 1 {"a":"]}"}', 'entry 2 {"b":[2]}']],
    [
      '[\n  {"a": "\\"}"},\n  7,\n "x",\n null\n]\n',
      ['entry 1 {"a": "\\"}"}', 'entry 2 7', 'entry 3 "x"', 'entry 4 null'],
    ],
    ['{\n  "a": {\n "b": 1 }\n}\n', ['entry 1 {\n  "a": {\n "b": 1 }\n}']],
    ['{"a": [\n1]}\n{"b": 2}', ['entry 1 {"a": [\n1]}', 'entry 2 {"b": 2}']],
    // Broken, not pretty: line by line.
    ['{oops\n{"b":2}', ['line 1 {oops', 'line 2 {"b":2}']],
    ['{\n{\n', ['line 1 {', 'line 2 {']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual({ open: false, found: expected });
  });

  it('that is cut off says so, and keeps what was whole', () => {
    expect(read('[{"a":1},{"b"')).toEqual({ open: true, found: ['entry 1 {"a":1}'] });
    expect(read('[{"a":1}')).toEqual({ open: true, found: ['entry 1 {"a":1}'] });
    expect(read('{"a": NaN, "b": [\n')).toEqual({ open: true, found: [] });
  });

  it('is the same in whatever pieces it comes', () => {
    const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(0, 2),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (list, indent, array, pieces) => {
          const text = array ? JSON.stringify(list, null, indent) : list.map((row) => JSON.stringify(row)).join('\n');
          const { open, found } = read(text, pieces);
          expect(open).toBe(false);
          expect(found.map((row): unknown => JSON.parse(row.replace(/^\w+ \d+ /, '')))).toEqual(
            JSON.parse(JSON.stringify(list)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
