import { expect, it } from 'vitest';
import { lastBox } from './boxed';

it.each([
  ['\\boxed{Oslo}', 'Oslo'],
  ['\\boxed{a} then \\boxed{b}', 'b'],
  ['\\boxed{a} then \\boxed{b', 'a'],
  ['\\boxed{a then \\boxed{b}', 'b'],
  ['\\boxed{f(x) = {y}_{z}}', 'f(x) = {y}_{z}'],
  ['\\boxed{\\text{New York}}', 'New York'],
  ['\\boxed{\\text{A} and \\mathbf{B}}', 'A and B'],
  ['\\boxed{\\boxed{x}}', 'x'],
  ['\\boxed {50\\%}', '50%'],
  ['\\fbox{ x }', 'x'],
  ['\\boxed{}', ''],
  ['boxed{x}', null],
  ['none', null],
])('%s holds %s', (source, box) => {
  expect(lastBox(source)).toBe(box);
});
