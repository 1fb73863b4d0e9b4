import { expect, it } from 'vitest';
import { createVocabulary, isContent } from './vocabulary';

const vocabulary = createVocabulary({
  sources: ['wiki', 'news'],
  relations: ['capital'],
  entities: [
    { name: 'Monaco', type: 'country' },
    { name: 'Monaco', type: 'city' },
  ],
});

it('numbers sources, relations and entities contiguously and types their strings', () => {
  expect(vocabulary.strings[vocabulary.relationBase]).toBe('relation:capital');
  expect(vocabulary.strings.slice(vocabulary.entityBase)).toEqual(['country:Monaco', 'city:Monaco']);
  expect(vocabulary.sources.map((token) => vocabulary.strings[token])).toEqual(['source:wiki', 'source:news']);
  expect(vocabulary.size).toBe(vocabulary.strings.length);
  expect(new Set(vocabulary.strings).size).toBe(vocabulary.size);
});

it('names its special tokens as their strings do', () => {
  const { special, strings } = vocabulary;
  expect(
    [special.pad, special.bos, special.endThink, special.information, special.question, special.review].map(
      (t) => strings[t],
    ),
  ).toEqual(['<pad>', '<bos>', '</think>', '<information>', '?', '<review>']);
  expect(special.integers.map((t) => strings[t])).toEqual([0, 1, 2, 3, 4, 5].map((j) => `<cut:${j}>`));
});

it('lets the policy write tags, relations and entities only', () => {
  const writable = vocabulary.strings.filter((_, token) => vocabulary.actorAllowed[token] === 1);
  expect(writable).toEqual([
    '<eos>',
    '<think>',
    '</think>',
    '<search>',
    '</search>',
    '<answer>',
    '</answer>',
    'relation:capital',
    'country:Monaco',
    'city:Monaco',
  ]);
  expect(isContent(vocabulary, vocabulary.relationBase)).toBe(true);
  expect(isContent(vocabulary, vocabulary.sources[1] ?? 0)).toBe(false);
  expect(isContent(vocabulary, vocabulary.size)).toBe(false);
});
