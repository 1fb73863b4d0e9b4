import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../formats/safetensors';
import { UserError } from '../lib/assert';
import { arenaFromTensors, arenaTensors } from './arena-tensors';
import { initialParameters } from './initialise';
import { parameterTable } from './parameters';

const table = parameterTable({
  vocab: 7,
  width: 6,
  layers: 1,
  heads: 1,
  kvHeads: 1,
  headDim: 6,
  ffn: 5,
  ropeTheta: 10000,
  rmsEps: 1e-5,
});
const arena = initialParameters(table, 1);

describe('the tensors of an arena', () => {
  it('come back bit for bit through a file', () => {
    const file = decodeSafetensors(encodeSafetensors(arenaTensors(table, arena), {}), 'f');
    expect(arenaFromTensors(table, file, 'f')).toEqual(arena);
  });

  it('names a missing tensor, and a tensor of another model', () => {
    const tensors = arenaTensors(table, arena);
    const read = (list: readonly NamedTensor[]) => () =>
      arenaFromTensors(table, decodeSafetensors(encodeSafetensors(list, {}), 'f'), 'my.safetensors');
    expect(read(tensors)).not.toThrow();
    expect(read(tensors.slice(1))).toThrow(UserError);
    expect(read(tensors.slice(1))).toThrow('my.safetensors has no tensor "model.embed_tokens.weight"');
    const turned = tensors.map((one) => ({ ...one, shape: [...one.shape].reverse() }));
    expect(read(turned)).toThrow(UserError);
    expect(read(turned)).toThrow('has shape 6x7, this model needs 7x6');
  });
});
