import { expect, it } from 'vitest';
import { MODEL_SIZES } from '../../config/schema';
import { runTable } from './run-table';

it('has the shape of its size over the vocabulary, its width shared by the heads', () => {
  const { width, heads, layers } = MODEL_SIZES.small;
  const { shape } = runTable('small', 300);
  expect(shape).toMatchObject({ width, heads, layers, vocab: 300, headDim: width / heads });
});
