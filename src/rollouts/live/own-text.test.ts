import { expect, it } from 'vitest';
import { ownSide } from './own-text';

const TEXT =
  '<think> relation:capital </think> <search> country:Fenwick relation:capital </search> ' +
  '<information> source:news country:Fenwick relation:capital city:Estoria </information> ' +
  '<think> </think> <answer> city:Estoria </answer>';

it('reads the words of our own networks in steps, with what was found', () => {
  const side = ownSide(TEXT, ['Estoria']);
  expect(side).toMatchObject({ answer: 'Estoria', em: 1, reward: 2, endReason: null });
  expect(side.steps.map(({ kind, text }) => [kind, text])).toEqual([
    ['search', 'Fenwick · capital'],
    ['answer', 'Estoria'],
  ]);
  expect(side.steps[0]?.passages).toMatchObject([{ title: 'news', text: 'Fenwick capital Estoria' }]);
  expect(ownSide(TEXT, ['Leo'])).toMatchObject({ em: 0, reward: 0 });
});

it('knows neither right nor wrong where nobody told what is right', () => {
  expect(ownSide(TEXT, [])).toMatchObject({ answer: 'Estoria', em: null, reward: null });
});
