import { describe, expect, it } from 'vitest';
import { configForPreset } from '../config/schema';
import { UserError } from '../lib/assert';
import { initialParameters } from '../models/initialise';
import { parameterTable } from '../models/parameters';
import { readRunConfig } from '../formats/checkpoint-header';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { decodeBase, decodeRun, encodeBase, encodeRun } from './checkpoint';

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
const bytes = encodeRun(table, { config, world: 'microwiki', state });

describe('a run checkpoint', () => {
  it('gives back configuration, world and state exactly', () => {
    expect(readRunConfig(bytes, 'f')).toEqual({ config, world: 'microwiki' });
    expect(decodeRun(table, bytes, 'f')).toEqual(state);
    // It serves as weights too.
    expect(decodeBase(table, bytes, 'f')).toEqual(state.params);
  });

  it('holds a refiner of its own as well', () => {
    const refiner = { optimizerStep: 33, params: arena(5), m: arena(6), v: arena(7) };
    const both = encodeRun(table, { config, world: 'microwiki', state: { ...state, refiner } });
    expect(decodeRun(table, both, 'f')).toEqual({ ...state, refiner });
    const { tensors, metadata } = decodeSafetensors(both, 'f');
    const without = [...tensors.values()].filter(({ name }) => name !== 'refiner.m');
    expect(() => decodeRun(table, encodeSafetensors(without, metadata), 'f')).toThrow('"refiner.m" is missing');
  });

  it.each([
    ['weights alone', { format: 'cutpoint-base/1' }, 'this version reads cutpoint-checkpoint/1'],
    ['a newer version', { format: 'cutpoint-checkpoint/2' }, 'cutpoint-checkpoint/2'],
    ['no format', {}, '"unknown"'],
    ['no configuration', { format: 'cutpoint-checkpoint/1' }, 'configuration cannot be read'],
    ['a setting out of range', { format: 'cutpoint-checkpoint/1', config: '{"prompts":1e9}' }, 'prompts'],
  ])('refuses %s', (_, metadata: Record<string, string>, message) => {
    const read = () => readRunConfig(encodeSafetensors([], metadata), 'f');
    expect(read).toThrow(UserError);
    expect(read).toThrow(message);
  });

  it.each([
    ['update', 'NaN', 'how far'],
    ['optimizerStep', '-1', 'how far'],
  ])('refuses a %s of %s', (key, value, message) => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'f');
    const broken = encodeSafetensors([...tensors.values()], { ...metadata, [key]: value });
    expect(() => decodeRun(table, broken, 'f')).toThrow(message);
  });

  it('refuses moments that are missing or of another size', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'f');
    const without = (name: string) => [...tensors.values()].filter((tensor) => tensor.name !== name);
    const decode = (list: ReturnType<typeof without>) => () => decodeRun(table, encodeSafetensors(list, metadata), 'f');
    expect(decode(without('optimizer.m'))).toThrow('"optimizer.m" is missing');
    expect(decode([...without('base'), { name: 'base', shape: [1], data: new Float32Array(1) }])).toThrow(
      'another size',
    );
  });
});

it('a base holds weights and says where it comes from', () => {
  const base = encodeBase(table, state.params, { world: 'atlas' });
  expect(decodeBase(table, base, 'f')).toEqual(state.params);
  expect(decodeSafetensors(base, 'f').metadata).toEqual({ format: 'cutpoint-base/1', world: 'atlas' });
});
