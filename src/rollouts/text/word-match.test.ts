import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeAnswer } from './squad';
import { holdsWords, WordSearch } from './word-match';

describe('words within a text', () => {
  it.each([
    ['born in new york city', 'new york', true],
    ['born in new yorkshire', 'new york', false],
    ['德国的首都是柏林，人口众多', '柏林', true],
    ['日本の首都は東京です', '東京', true],
    // One word, of which the wanted one is a part.
    ['大学生在图书馆', '学生', false],
    ['the capital is 柏林', '柏林', true],
    ['nothing', '柏林', false],
  ])('%s holds %s: %s', (text, words, holds) => {
    expect(holdsWords(text, words)).toBe(holds);
  });
});

describe('a search for answers in a text as it stands', () => {
  it.each([
    ["She lives in O'Brien, Oregon.", "O'Brien", true],
    ['St.-Louis is (in) the north', 'st louis', false],
    ['a well-known town', 'wellknown', true],
    ['the "Rome" of old', 'Rome', true],
    ['U.S.A. and Rome\u00a0', 'usa', true],
    ['Romeo', 'Rome', false],
  ])('%s holds %s: %s', (text, words, holds) => {
    expect(new WordSearch([normalizeAnswer(words)]).isIn(text)).toBe(holds);
  });

  it('finds what stands in the text once all of it is normalised', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', 'é', '-', "'", '.', ' ', '\n', 'x'), maxLength: 12 });
    fc.assert(
      fc.property(word, word, (text, words) => {
        const sought = normalizeAnswer(words);
        fc.pre(sought !== '');
        expect(new WordSearch([sought]).isIn(text)).toBe(holdsWords(normalizeAnswer(text), sought));
      }),
      { numRuns: 2000 },
    );
  });
});
