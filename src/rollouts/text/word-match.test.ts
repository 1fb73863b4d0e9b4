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
    const letters = ['a', 'B', 'é', '-', "'", '.', ' ', '\n', 'x', 'the ', ' an', '_', '1'];
    const others = ['\u00a0', '“', '€', '\u0001', 'Σ', '柏', '\ud83d\ude00', 'İ'];
    const text = fc.string({ unit: fc.constantFrom(...letters, ...letters, ...others), maxLength: 16 });
    const plain = fc.string({ unit: fc.constantFrom(...letters), maxLength: 10 });
    // What is sought stands in half of the texts, between other words.
    const texts = fc.oneof(
      text,
      fc.tuple(text, plain, text).map((parts) => parts.join(' ')),
    );
    const found = { yes: 0, no: 0 };
    fc.assert(
      fc.property(texts, fc.oneof(plain, text), fc.boolean(), (before, words, within) => {
        const sought = normalizeAnswer(words);
        fc.pre(sought !== '');
        const whole = within ? `${before} ${words.toUpperCase()},${before}` : before;
        const holds = holdsWords(normalizeAnswer(whole), sought);
        found[holds ? 'yes' : 'no'] += 1;
        const search = new WordSearch([sought]);
        expect(search.isIn(whole)).toBe(holds);
        if (holds) expect(search.mayBeIn(whole.toLowerCase())).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(found.yes, found.no)).toBeGreaterThan(100);
  });
});
