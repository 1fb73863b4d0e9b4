import { describe, expect, it } from 'vitest';
import { runNetwork, SMALL_NETWORK } from '../testing/kernels/small-network';
import { deepened } from './deepen';
import { initialParameters } from './initialise';
import { parameterTable } from './parameters';

const table = parameterTable(SMALL_NETWORK);
const deeper = parameterTable({ ...SMALL_NETWORK, layers: 4 });
const params = initialParameters(table, 1);
const grown = deepened(table, params, deeper, 2);

describe('a deepened network', () => {
  it('computes what the network does that it begins with', () => {
    expect(runNetwork(deeper, grown).logits).toEqual(runNetwork(table, params).logits);
  });

  it('can learn in its further layers', () => {
    const { grads } = runNetwork(deeper, grown);
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
