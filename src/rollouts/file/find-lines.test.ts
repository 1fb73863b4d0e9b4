import { describe, expect, it } from 'vitest';
import { searchText } from '../reading/search-text';
import { findLines } from './find-lines';

/** Lines one behind the other; the table has them the other way round. */
function found(lines: readonly string[], words: string): number[] {
  const bytes = new TextEncoder().encode(lines.join(''));
  const lengths = lines.map((line) => new TextEncoder().encode(line).length);
  const offsets = lengths.map((_, k) => lengths.slice(0, k).reduce((sum, length) => sum + length, 0));
  const places = { offsets: Uint32Array.from(offsets.reverse()), lengths: Uint32Array.from(lengths.reverse()) };
  const hits = findLines((from, to) => bytes.slice(from, to), places, words);
  return [...hits].reverse().flatMap((hit, line) => (hit === 1 ? [line] : []));
}

const line = (completion: string): string => JSON.stringify({ completion });
const escaped = (completion: string): string =>
  line(completion).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('words in lines', () => {
  it.each<[what: string, lines: readonly string[], words: string, hits: readonly number[]]>([
    ['in small letters', [line('Born in OSLO'), line('Bonn')], 'oslo', [0]],
    ['with a quotation mark', [line('a "big" town'), line('big town')], '"big" t', [0]],
    ['over a line break', [line('one\ntwo'), line('one two')], 'one\ntwo', [0]],
    ['not the letter of an escape', [line('one\ntwo')], 'ntwo', []],
    ['behind an escape', [line('one\ntwo')], 'two', [0]],
    ['of a path', [line('a\\b')], 'a\\b', [0]],
    ['in another script', [line('Köln liegt am Rhein'), escaped('Köln'), line('Koln')], 'köln', [0, 1]],
    ['not the digits of an escape', [escaped('éa')], '9a', []],
    ['of letters that ASCII ones come from', [escaped('\u212Aelvin'), line('\u212Aelvin')], 'kelvin', [0, 1]],
    ['that JSON could have escaped', [line('a/b').replace('/', '\\/'), line('a/b')], 'a/b', [0, 1]],
    ['not in the numbers of tokens', [`{"completion":"x","cutpoint_tokens":{"ids":[4711]}}`], '4711', []],
    ['not over two lines', [line('one'), line('two')], 'e"}{"c', []],
  ])('%s', (_, lines, words, hits) => {
    expect(found(lines, words)).toEqual(hits);
  });

  it('are found in the same lines as one by one, over many blocks and in any script', () => {
    const words = ['Oslo', 'Köln', 'a "b"', 'x\ny', '東京', 'ΟΔΟΣ', 'İstanbul', '\u212A', '/', 'tail'];
    const lines = Array.from({ length: 900 }, (_, k) => {
      const said = Array.from({ length: 5 }, (__, j) => words[(k * 7 + j * (k % 11)) % words.length]).join(' ');
      return (k % 3 === 0 ? escaped : line)(said + '.'.repeat(4000));
    });
    for (const sought of ['oslo', 'köln', '"b"', 'x\ny', '東京', 'οδος', 'istanbul', 'k', '/', 'tail .', 'zzz', '.']) {
      const one = lines.flatMap((text, k) => (searchText(text).includes(sought) ? [k] : []));
      expect(found(lines, sought), sought).toEqual(one);
    }
  });
});
