import { describe, expect, it } from 'vitest';
import { deepened } from './deepen';
import { initialParameters } from './initialise';
import { modelBackward, modelForward } from './model.reference';
import { parameterTable, type ParameterTable } from './parameters';
import { widened } from './widen';

const SHAPE = {
  vocab: 11,
  width: 8,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headDim: 4,
  ffn: 6,
  ropeTheta: 1e4,
  rmsEps: 1e-5,
};
const times = (k: number) => ({ ...SHAPE, width: 8 * k, heads: 2 * k, kvHeads: k, ffn: 6 * k });
const table = parameterTable(SHAPE);
/** Gains that are not all 1. */
const params = initialParameters(table, 1);
for (const { shape, offset, size } of table.entries) {
  if (shape.length === 1) for (let i = 0; i < size; i++) params[offset + i] = 0.5 + ((3 * i) % 7) / 7;
}

function run({ shape, entries }: ParameterTable, arena: Float32Array) {
  const weights = new Map(
    entries.map(({ name, offset, size }) => [name, Float64Array.from(arena.subarray(offset, offset + size))]),
  );
  const named = { ...shape, hidden: shape.width, eps: shape.rmsEps, theta: shape.ropeTheta };
  const { logits, tape } = modelForward(named, weights, { batch: 1, seqLen: 5, tokens: [3, 1, 4, 1, 5] });
  return { logits, grads: modelBackward(tape, logits.map(Math.sin)) };
}

describe.each([2, 3])('a network widened %i times', (k) => {
  const wider = parameterTable(times(k));
  const grown = widened(table, params, wider, 2);
  const want = run(table, params);

  it('computes what the network does that it begins with', () => {
    const { logits } = run(wider, grown);
    // Parts are rounded to floats.
    logits.forEach((z, i) => expect(Math.abs(z - want.logits[i]!)).toBeLessThan(1e-6));
    expect(Math.max(...want.logits.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('may be made deeper then, and still does', () => {
    const deeper = parameterTable({ ...times(k), layers: 3 });
    expect(run(deeper, deepened(wider, grown, deeper, 2)).logits).toEqual(run(wider, grown).logits);
  });

  it('has copies that learn different things', () => {
    const { grads } = run(wider, grown);
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
