import { describe, expect, it } from 'vitest';
import { deepened } from './deepen';
import { initialParameters } from './initialise';
import { modelBackward, modelForward } from './model.reference';
import { parameterTable, type ParameterTable } from './parameters';

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
const table = parameterTable(SHAPE);
const deeper = parameterTable({ ...SHAPE, layers: 4 });
const params = initialParameters(table, 1);
const grown = deepened(table, params, deeper, 2);

function run({ shape, entries }: ParameterTable, arena: Float32Array) {
  const weights = new Map(
    entries.map(({ name, offset, size }) => [name, Float64Array.from(arena.subarray(offset, offset + size))]),
  );
  const named = { ...shape, hidden: shape.width, eps: shape.rmsEps, theta: shape.ropeTheta };
  const { logits, tape } = modelForward(named, weights, { batch: 1, seqLen: 5, tokens: [3, 1, 4, 1, 5] });
  return { logits, grads: modelBackward(tape, logits.map(Math.sin)) };
}

describe('a deepened network', () => {
  it('computes what the network does that it begins with', () => {
    expect(run(deeper, grown).logits).toEqual(run(table, params).logits);
  });

  it('can learn in its further layers', () => {
    const { grads } = run(deeper, grown);
    for (const name of ['self_attn.o_proj', 'mlp.down_proj']) {
      expect(grads.get(`model.layers.3.${name}.weight`)!.some((g) => Math.abs(g) > 1e-9)).toBe(true);
    }
  });

  it('begins its further layers by its seed alone, and keeps as many layers as they are', () => {
    expect(deepened(table, params, deeper, 2)).toEqual(grown);
    expect(deepened(table, params, deeper, 3)).not.toEqual(grown);
    expect(deepened(table, params, table, 2)).toEqual(params);
  });
});
