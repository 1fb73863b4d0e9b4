import { describe, expect, it } from 'vitest';
import { otherKind } from './other-kind';

const of = (...parts: (string | number[])[]) =>
  otherKind(Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part))));

describe('what a file is that is not read', () => {
  it.each([
    [of(''), 'empty'],
    [of(' \n\t'), 'empty'],
    [of([0xfd], '7zXZ', [0]), 'packed by xz'],
    [of('ARROW1', [0, 0]), 'an Arrow file'],
    [of('SQLite format 3', [0]), 'a SQLite database'],
    [of([0x80, 4, 0x95]), 'a pickle of Python'],
    [of('x'.repeat(257), 'ustar'), 'a tar archive'],
    [
      of([24, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 13], 'brain.Event:2'),
      'a log of TensorBoard',
    ],
    [of('\n<!DOCTYPE html><html>'), 'a page of HTML or XML'],
    [of('null\n'), 'a single value'],
    [of('1\n2\n'), 'a single value'],
    [of('@prefix ex: <http://ex.org/> .\nex:a ex:b ex:c .'), 'Turtle'],
    [of('PREFIX ex: <http://ex.org/>\n'), 'Turtle'],
    [of('<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="x">'), 'RDF in XML'],
    [of([0xef, 0xbb, 0xbf], 'row,step,question,gold_answers,answer\r\n'), 'a table of rollouts that Cutpoint saved'],
    [of('2\n0 1 0\n2 3 1\n'), 'facts as numbers, as OpenKE keeps them'],
  ])('%j is %s', (kind, what) => {
    expect(kind?.what).toBe(what);
    expect(kind?.hint).toMatch(/[.?]$/);
  });

  it.each(['Oslo\tin\tNorway\n', 'a,b,c\n', '{"a": 1}', 'Dear reader', '12\tin\t13\n'])(
    'nothing is known of %j',
    (text) => expect(of(text)).toBeNull(),
  );
});
