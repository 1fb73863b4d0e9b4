import { describe, expect, it } from 'vitest';
import { holdsWords } from './word-match';

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
