import { describe, expect, it } from 'vitest';
import { runNetwork, SMALL_NETWORK } from '../testing/kernels/small-network';
import { deepened } from './deepen';
import { initialParameters } from './initialise';
import { parameterTable } from './parameters';
import { widened } from './widen';

const times = (k: number) => ({ ...SMALL_NETWORK, width: 8 * k, heads: 2 * k, kvHeads: k, ffn: 6 * k });
const table = parameterTable(SMALL_NETWORK);
/** Gains that are not all 1. */
const params = initialParameters(table, 1);
for (const { shape, offset, size } of table.entries) {
  if (shape.length === 1) for (let i = 0; i < size; i++) params[offset + i] = 0.5 + ((3 * i) % 7) / 7;
}

describe.each([2, 3])('a network widened %i times', (k) => {
  const wider = parameterTable(times(k));
  const grown = widened(table, params, wider, 2);
  const want = runNetwork(table, params);

  it('computes what the network does that it begins with', () => {
    const { logits } = runNetwork(wider, grown);
    // Parts are rounded to floats.
    logits.forEach((z, i) => expect(Math.abs(z - want.logits[i]!)).toBeLessThan(1e-6));
    expect(Math.max(...want.logits.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('may be made deeper then, and still does', () => {
    const deeper = parameterTable({ ...times(k), layers: 3 });
    expect(runNetwork(deeper, deepened(wider, grown, deeper, 2)).logits).toEqual(runNetwork(wider, grown).logits);
  });

  it('has copies that learn different things', () => {
    const { grads } = runNetwork(wider, grown);
    // Those of what writes a unit: rows of matrices, columns of the embedding, gains of the inner norms.
    for (const { name, shape, size } of wider.entries) {
      if (name === 'model.norm.weight') continue;
      const grad = grads.get(name)!;
      const isRow = shape.length > 1 && name !== 'model.embed_tokens.weight';
      const copy = (isRow ? size : shape.at(-1)!) / k;
      const unlike = Array.from({ length: copy }, (_, i) => Math.abs(grad[i]! - grad[copy + i]!));
      expect(Math.max(...unlike), name).toBeGreaterThan(1e-6);
    }
  });

  it('begins by its seed alone', () => {
    expect(widened(table, params, wider, 2)).toEqual(grown);
    expect(widened(table, params, wider, 3)).not.toEqual(grown);
  });
});

it('a network widened to its own width is itself', () => {
  expect(widened(table, params, table, 2)).toEqual(params);
});
