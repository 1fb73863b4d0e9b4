import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { initialParameters } from '../../models/initialise';
import { parameterTable } from '../../models/parameters';
import { dictionaryHash, readRunHeader } from '../../formats/checkpoint-header';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors';
import { decodeBase, decodeRun, encodeBase, encodeRun } from './checkpoint';

const shape = {
  vocab: 7,
  width: 6,
  layers: 1,
  heads: 1,
  kvHeads: 1,
  headDim: 6,
  ffn: 5,
  ropeTheta: 10000,
  rmsEps: 1e-5,
};
const table = parameterTable(shape);
const strings = ['<pad>', '<bos>', '<eos>', '?', 'relation:capital', 'city:Rome', 'city:Buenos Aires'];
const familyOf = (id: string, words = strings) => ({ schema: { id, vocabulary: { strings: words } } });
const model = { table, refinerTable: table, family: familyOf('microwiki') };
const arena = (seed: number) => initialParameters(table, seed);
const config = configForPreset('oracle-label', { prompts: 3, learningRate: 1e-3 });
const state = {
  update: 17,
  optimizerStep: 34,
  params: arena(1),
  m: arena(2),
  v: arena(3),
  base: arena(4),
  refiner: null,
};
const bytes = encodeRun(model, config, state);

describe('a run checkpoint', () => {
  it('gives back configuration, world and state exactly', () => {
    expect(readRunHeader(bytes, 'f')).toEqual({ kind: 'checkpoint', config, world: 'microwiki', update: 17 });
    expect(decodeRun(model, bytes, 'f')).toEqual(state);
    // It serves as weights too.
    expect(decodeBase(model, bytes, 'f')).toEqual(state.params);
  });

  it('holds a refiner of its own as well', () => {
    const refiner = { optimizerStep: 33, params: arena(5), m: arena(6), v: arena(7) };
    const both = encodeRun(model, config, { ...state, refiner });
    expect(decodeRun(model, both, 'f')).toEqual({ ...state, refiner });
    const { tensors, metadata } = decodeSafetensors(both, 'f');
    const without = [...tensors.values()].filter(({ name }) => name !== 'refiner.m');
    expect(() => decodeRun(model, encodeSafetensors(without, metadata), 'f')).toThrow('"refiner.m" is missing');
  });

  it('holds a refiner of more layers, which only such a run takes', () => {
    const refinerTable = parameterTable({ ...shape, layers: 3 });
    const deep = (seed: number) => initialParameters(refinerTable, seed);
    const refiner = { optimizerStep: 33, params: deep(5), m: deep(6), v: deep(7) };
    const both = encodeRun(model, config, { ...state, refiner });
    expect(decodeRun({ ...model, refinerTable }, both, 'f')).toEqual({ ...state, refiner });
    const taken = () => decodeRun(model, both, 'f');
    expect(taken).toThrow('"refiner.params" is missing or of another size');
    // What is not a number is named by its own layout.
    const at = refinerTable.byName.get('model.layers.2.mlp.down_proj.weight')!.offset;
    const broken = encodeRun(model, config, {
      ...state,
      refiner: { ...refiner, params: deep(5).fill(NaN, at, at + 1) },
    });
    expect(() => decodeRun({ ...model, refinerTable }, broken, 'f')).toThrow(
      'refiner.parameters model.layers.2.mlp.down',
    );
  });

  it.each([
    ['update', 'NaN', 'how far'],
    ['optimizerStep', '-1', 'how far'],
  ])('refuses a %s of %s', (key, value, message) => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'f');
    const broken = encodeSafetensors([...tensors.values()], { ...metadata, [key]: value });
    expect(() => decodeRun(model, broken, 'f')).toThrow(message);
  });

  it.each(['params', 'm', 'v', 'base'] as const)('refuses %s with numbers that are none, and says where', (part) => {
    for (const value of [NaN, Infinity]) {
      const arena = state[part].slice();
      arena[table.byName.get('model.norm.weight')!.offset] = value;
      const broken = encodeRun(model, config, { ...state, [part]: arena });
      expect(() => decodeRun(model, broken, 'f')).toThrow(
        /f holds numbers that are not finite .* model\.norm\.weight"/,
      );
      const asBase = () => decodeBase(model, broken, 'f');
      if (part === 'params') expect(asBase).toThrow('in "model.norm.weight"');
      else expect(asBase).not.toThrow();
    }
  });

  it('refuses moments that are missing or of another size', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'f');
    const without = (name: string) => [...tensors.values()].filter((tensor) => tensor.name !== name);
    const decode = (list: ReturnType<typeof without>) => () => decodeRun(model, encodeSafetensors(list, metadata), 'f');
    expect(decode(without('optimizer.m'))).toThrow('"optimizer.m" is missing');
    expect(decode([...without('base'), { name: 'base', shape: [1], data: new Float32Array(1) }])).toThrow(
      'another size',
    );
  });
});

it('a base holds weights and says where it comes from', () => {
  const base = encodeBase(model, state.params, { adapter: 'llvmpipe' });
  expect(decodeBase(model, base, 'f')).toEqual(state.params);
  expect(decodeSafetensors(base, 'f').metadata).toEqual({
    format: 'cutpoint-base/1',
    world: 'microwiki',
    dictionary: dictionaryHash(strings),
    adapter: 'llvmpipe',
  });
});

describe('weights of another dictionary', () => {
  const others = [...strings.slice(0, -1), 'city:Arden'];
  const decode = (read: typeof decodeRun | typeof decodeBase, family: ReturnType<typeof familyOf>) => () =>
    read({ ...model, family }, bytes, 'my.safetensors');

  it('are refused with the reason, whatever the world is called', () => {
    for (const read of [decodeRun, decodeBase]) {
      for (const id of ['microwiki', 'mine']) {
        expect(decode(read, familyOf(id, others))).toThrow(UserError);
        expect(decode(read, familyOf(id, others))).toThrow('my.safetensors was trained with another dictionary');
      }
      expect(decode(read, familyOf('mine'))).not.toThrow();
      expect(decode(read, familyOf('microwiki', [...strings, 'city:Arden']))).toThrow('another dictionary');
    }
  });

  it('are known by the name of their world where they are from before there was a mark', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'f');
    const old: Record<string, string> = { ...metadata };
    delete old['dictionary'];
    const file = encodeSafetensors([...tensors.values()], old);
    expect(decodeRun(model, file, 'f')).toEqual(state);
    expect(() => decodeRun({ ...model, family: familyOf('atlas') }, file, 'f')).toThrow('of the world "microwiki"');
  });
});
