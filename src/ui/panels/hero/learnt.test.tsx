import { expect, it } from 'vitest';
import { openPage, renderPanel, textOf } from '../../../testing/page/render-panel';
import { Learnt } from './learnt';

it.each([
  [0, 'base 41 %'],
  [2, 'upd. 2 41 %'],
])('calls only what was measured before the first update the base: first at %i', (first, told) => {
  const { studio, tell } = openPage();
  tell({ type: 'evaluation', result: { update: first, metrics: { emGreedy: 0.41 } } });
  tell({ type: 'evaluation', result: { update: 4, metrics: { emGreedy: 0.56 } } });
  const text = textOf(renderPanel(studio, <Learnt />));
  expect(text).toContain(`${told} → now 56 %`);
  expect(text.startsWith('56 %')).toBe(true);
});
