/** Weights as other programs save them again: every tensor is taken, computed by the model itself, or refused by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { fromFolder } from './checkpoint-folder';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors';
import type { FileMap } from './weight-files';

const CASES = new URL('./cases/', import.meta.url);

function folderOf(name: string): FileMap {
  const folder = new URL(`${name}/`, CASES);
  return new Map(readdirSync(folder).map((file) => [file, Uint8Array.from(readFileSync(new URL(file, folder)))]));
}

const WHOLE = folderOf('k01-transformers-f32');
const TENSORS = [...read(WHOLE).values()];
const SHARDS = folderOf('k04-sharded');
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function read(files: FileMap): ReadonlyMap<string, NamedTensor> {
  return decodeSafetensors(fromFolder(files, 'f'), 'f').tensors;
}

/** The folder with other tensors, or another config.json. */
function folder(tensors: readonly NamedTensor[], config: object = {}): FileMap {
  const own: unknown = JSON.parse(new TextDecoder().decode(WHOLE.get('config.json')));
  return new Map([
    ['model.safetensors', encodeSafetensors(tensors, { format: 'pt' })],
    ['config.json', bytes({ ...(typeof own === 'object' ? own : {}), ...config })],
  ]);
}

const extra = (name: string, values: readonly number[]): NamedTensor => ({
  ...{ name, shape: [values.length], data: Float32Array.from(values) },
});
const embedding = TENSORS.find(({ name }) => name === 'model.embed_tokens.weight');

describe('weights of other programs', () => {
  it.each<[string, (name: string) => string]>([
    ['torch.compile', (name) => `_orig_mod.${name}`],
    ['torch.compile of each layer', (name) => name.replace(/layers\.\d/, '$&._orig_mod')],
    ['DDP', (name) => `module.${name}`],
    ['FSDP', (name) => `_fsdp_wrapped_module.${name.replace('layers.0', 'layers.0._fsdp_wrapped_module')}`],
    ['an adapter that was merged', (name) => `base_model.model.${name}`],
    ['a trainer’s actor', (name) => `module.actor.${name}`],
    ['a model with a value head', (name) => `pretrained_model.${name}`],
    ['LlamaModel alone', (name) => name.replace(/^model\./, '')],
  ])('with the names of %s', (_, rename) => {
    const renamed = TENSORS.map((tensor) => ({ ...tensor, name: rename(tensor.name) }));
    expect([...read(folder(renamed)).values()]).toEqual(TENSORS);
  });

  it('in shards, with their index or without, and told which one is missing', () => {
    const sorted = (tensors: Iterable<NamedTensor>) => [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted(read(SHARDS).values())).toHaveLength(TENSORS.length);
    const without = (...names: string[]) => new Map([...SHARDS].filter(([name]) => !names.includes(name)));
    expect(read(without('model.safetensors.index.json'))).toEqual(read(SHARDS));
    expect(() => read(without('model-00002-of-00002.safetensors'))).toThrow(
      'one of 2 shards of a model; not there: model-00002-of-00002.safetensors',
    );
    const index = (map: unknown) => new Map([...SHARDS, ['model.safetensors.index.json', bytes(map)]]);
    expect(() => read(index({}))).toThrow('does not say which shard');
    const lacking = { weight_map: { 'model.x': 'model-00001-of-00002.safetensors' } };
    expect(() => read(index(lacking))).toThrow('No shard holds "model.x"');
    expect(() => read(new Map([...SHARDS, ...WHOLE]))).toThrow('several files of weights');
  });

  it('without what the model computes by itself', () => {
    const frequencies = [0, 1, 2, 3].map((i) => 10000 ** (-i / 4));
    const head = { name: 'lm_head.weight', shape: embedding?.shape ?? [], data: embedding?.data ?? new Float32Array() };
    const silent = [
      head,
      extra('model.layers.1.self_attn.rotary_emb.inv_freq', frequencies),
      extra('model.layers.0.self_attn.q_proj.bias', [0, 0, -0]),
    ];
    expect([...read(folder([...TENSORS, ...silent])).values()]).toEqual(TENSORS);
    const other = [
      { ...head, data: head.data.map((value, i) => (i === 9000 ? value + 1 : value)) },
      extra('model.layers.1.self_attn.rotary_emb.inv_freq', [1, 0.1, 0.01, 0.002]),
      extra('model.layers.0.self_attn.q_proj.bias', [0, 0, 0.1]),
      extra('model.layers.2.input_layernorm.weight', [1]),
    ];
    // They stay, and whoever wants weights of this size refuses them by name (the trainer's checkpoint.ts).
    expect([...read(folder([...TENSORS, ...other])).values()].slice(TENSORS.length)).toEqual(other);
  });

  it('as half precision, exactly', () => {
    const file = encodeSafetensors(TENSORS, { format: 'pt' });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const text = new TextDecoder().decode(file.subarray(8, 8 + length));
    const halved = text
      .replaceAll('"F32"', '"BF16"')
      .replace(/"data_offsets":\[(\d+),(\d+)\]/g, (_, a, b) => `"data_offsets":[${Number(a) / 2},${Number(b) / 2}]`);
    const header = new TextEncoder().encode(halved);
    const data = new Uint16Array(file.slice(8 + length).buffer).filter((_, i) => i % 2 === 1);
    const size = new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer);
    const bf16 = Uint8Array.from(Buffer.concat([size, header, new Uint8Array(data.buffer)]));
    const { tensors, metadata } = decodeSafetensors(
      fromFolder(new Map([...WHOLE, ['model.safetensors', bf16]]), 'f'),
      'f',
    );
    expect(metadata['widened']).toBe('BF16');
    const rough = (values: Float32Array) =>
      new Uint32Array(Float32Array.from(values).buffer).map((bits) => bits & 0xffff0000);
    for (const { name, data: exact } of TENSORS) {
      expect(new Uint32Array(Float32Array.from(tensors.get(name)?.data ?? []).buffer)).toEqual(rough(exact));
    }
  });

  it.each<[string, FileMap, string]>([
    [
      'a name twice',
      folder([...TENSORS, extra('_orig_mod.model.norm.weight', [1])]),
      'holds "model.norm.weight" twice',
    ],
    ['other heads', folder(TENSORS, { num_attention_heads: 8 }), 'says num_attention_heads 8'],
    ['another base of positions', folder(TENSORS, { rope_parameters: { rope_theta: 5e5 } }), 'says rope_theta 500000'],
    ['scaled positions', folder(TENSORS, { rope_scaling: { type: 'linear' } }), 'says rope_type "linear"'],
    ['another architecture', folder(TENSORS, { model_type: 'qwen2' }), 'says model_type "qwen2"'],
    ['a head that is not there', folder(TENSORS, { tie_word_embeddings: false }), 'there is no "lm_head.weight"'],
    [
      'a config.json of other words',
      new Map([
        [
          'model.safetensors',
          encodeSafetensors(TENSORS, { cutpoint: 'cutpoint-base/1', world: 'atlas', dictionary: 'x' }),
        ],
        ['config.json', WHOLE.get('config.json') ?? new Uint8Array(0)],
      ]),
      'are of two worlds',
    ],
  ])('%s is refused', (_, files, message) => {
    expect(() => read(files)).toThrow(UserError);
    expect(() => read(files)).toThrow(message);
  });

  it('of somebody else, for that reason alone, whatever their types', () => {
    const theirs = folderOf('k10-foreign-llama-bf16');
    const reason = (files: FileMap) => {
      try {
        return fromFolder(files, 'f').length;
      } catch (error) {
        return error instanceof UserError ? error.message : error;
      }
    };
    const odd = new TextEncoder().encode('{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}');
    const file = Uint8Array.from(
      Buffer.concat([Uint8Array.of(odd.length, 0, 0, 0, 0, 0, 0, 0), odd, Uint8Array.of(7)]),
    );
    const format = { format: 'pt' };
    const reasons = [
      reason(theirs),
      reason(new Map([...theirs, ['model.safetensors', encodeSafetensors(TENSORS, format)]])),
      String(reason(new Map([...theirs, ['model.safetensors', file]]))).replace('unknown', 'pt'),
    ];
    expect(new Set(reasons).size).toBe(1);
    expect(reasons[0]).toContain('config.json names no world of ours');
  });
});
