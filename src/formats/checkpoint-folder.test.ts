import { describe, expect, it } from 'vitest';
import { configForPreset, MODEL_SIZES } from '../config/schema';
import { UserError } from '../lib/assert';
import { expectSchema } from '../testing/schemas/expect-schema';
import { jsonIn, safetensorsHeader } from '../testing/schemas/read-headers';
import { fromFolder, MODEL_FILE, STATE_FILE, toFolder } from './checkpoint-folder';
import { dictionaryHash } from './checkpoint-header';
import { unzipFolder, zipFolder } from './checkpoint-zip';
import type { Dictionary } from './hugging-face';
import { decodeSafetensors, encodeSafetensors } from './safetensors';

const special = { pad: 0, bos: 1, eos: 2, think: 3, endThink: 4, search: 5, endSearch: 6, answer: 7, endAnswer: 8 };
const tags = ['<pad>', '<bos>', '<eos>', '<think>', '</think>', '<search>', '</search>', '<answer>', '</answer>'];
const dictionary: Dictionary = {
  strings: [...tags, 'source:Gazette', 'relation:capital', 'city:Buenos Aires', 'city:Rome'],
  special,
  relationBase: 10,
};
const { width } = MODEL_SIZES.tiny;
const tensor = (name: string, shape: number[], start: number) => ({
  name,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(start + i)),
});
const WEIGHTS = [tensor('model.embed_tokens.weight', [13, width], 1), tensor('model.norm.weight', [width], 2)];
const REST = [tensor('optimizer.m', [64], 3), tensor('optimizer.v', [64], 4), tensor('base', [64], 5)];
const config = configForPreset('search-r1', { size: 'tiny', world: 'atlas', prompts: 3 });
const run = encodeSafetensors([...WEIGHTS, ...REST], {
  format: 'cutpoint-checkpoint/1',
  world: 'atlas',
  dictionary: dictionaryHash(dictionary.strings),
  config: JSON.stringify(config),
  update: '340',
  optimizerStep: '340',
});
const base = encodeSafetensors(WEIGHTS, { format: 'cutpoint-base/1', world: 'atlas' });
const folder = toFolder(run, dictionary, 'atlas', 'f');
const without = (...names: string[]) => new Map([...folder].filter(([name]) => !names.includes(name)));
const json = (name: string) => jsonIn(folder.get(name));

describe('a checkpoint folder', () => {
  it('has the files that transformers reads, and the rest of the run apart', () => {
    expect([...folder.keys()]).toEqual([
      'model.safetensors',
      'training_state.safetensors',
      'config.json',
      'generation_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const model = decodeSafetensors(folder.get(MODEL_FILE)!, 'f');
    expect([...model.tensors.values()]).toEqual(WEIGHTS);
    // transformers refuses any other format.
    expect(model.metadata).toMatchObject({ format: 'pt', cutpoint: 'cutpoint-base/1', world: 'atlas', update: '340' });
    expect(json('config.json')).toMatchObject({
      model_type: 'llama',
      vocab_size: 13,
      hidden_size: 32,
      num_hidden_layers: 2,
      head_dim: 8,
      rope_theta: 10000,
      tie_word_embeddings: true,
      eos_token_id: 2,
      cutpoint: { world: 'atlas', dictionary: dictionaryHash(dictionary.strings) },
    });
    // What the actor may not write: pad, bos, sources.
    expect(json('generation_config.json')).toMatchObject({ suppress_tokens: [0, 1, 9], eos_token_id: 2 });
  });

  it('is as docs/schema says', () => {
    expectSchema('model', [safetensorsHeader(folder.get(MODEL_FILE)!)]);
    expectSchema('training-state', [safetensorsHeader(folder.get(STATE_FILE)!)]);
    expectSchema('model-config', [json('config.json')]);
    expectSchema('generation-config', [json('generation_config.json')]);
    expectSchema('tokenizer', [json('tokenizer.json')]);
    expectSchema('tokenizer-config', [json('tokenizer_config.json')]);
  });

  it('gives back the run bit for bit, from its files, its zip or a single file', () => {
    const wanted = decodeSafetensors(run, 'f');
    const zip = zipFolder(folder, 'cutpoint-atlas');
    expect(zipFolder(folder, 'cutpoint-atlas')).toEqual(zip);
    for (const files of [folder, unzipFolder(zip, 'z'), new Map([['anything.safetensors', run]])]) {
      const { tensors, metadata } = decodeSafetensors(fromFolder(files, 'f'), 'f');
      expect([...tensors]).toEqual([...wanted.tensors]);
      expect(metadata).toEqual(wanted.metadata);
    }
  });

  it('gives weights alone where the state is missing or there never was one', () => {
    for (const files of [
      without(STATE_FILE),
      toFolder(base, dictionary, 'atlas', 'f'),
      new Map([['a.safetensors', base]]),
    ]) {
      const { tensors, metadata } = decodeSafetensors(fromFolder(files, 'f'), 'f');
      expect([...tensors.values()]).toEqual(WEIGHTS);
      expect(metadata).toMatchObject({ format: 'cutpoint-base/1', world: 'atlas' });
    }
    expect(toFolder(base, dictionary, 'atlas', 'f').has(STATE_FILE)).toBe(false);
  });

  it('knows weights that transformers has saved again by config.json', () => {
    const again = encodeSafetensors([...WEIGHTS].reverse(), { format: 'pt' });
    const files = new Map([...without(STATE_FILE), [MODEL_FILE, again]]);
    expect(decodeSafetensors(fromFolder(files, 'f'), 'f').metadata).toEqual({
      format: 'cutpoint-base/1',
      cutpoint: 'cutpoint-base/1',
      world: 'atlas',
      dictionary: dictionaryHash(dictionary.strings),
    });
  });

  const pt = encodeSafetensors(WEIGHTS, { format: 'pt' });
  const bytes = (text: string) => new TextEncoder().encode(text);
  it.each([
    ['nothing', () => fromFolder(new Map(), '“x”'), '“x” holds no model.safetensors'],
    ['a state alone', () => fromFolder(without(MODEL_FILE), 'f'), 'half of a checkpoint'],
    [
      'a state beside weights that were trained further',
      () => {
        const others = encodeSafetensors([tensor('model.embed_tokens.weight', [13, width], 9), WEIGHTS[1]!], {
          format: 'cutpoint-base/1',
        });
        return fromFolder(new Map([...folder, [MODEL_FILE, others]]), 'f');
      },
      'belongs to other weights',
    ],
    ['a model of somebody else', () => fromFolder(new Map([[MODEL_FILE, pt]]), 'f'), 'no checkpoint of Cutpoint'],
    [
      'a model of somebody else with its config.json',
      () =>
        fromFolder(
          new Map([
            [MODEL_FILE, pt],
            ['config.json', bytes('{"model_type":"llama","cutpoint":7}')],
          ]),
          'f',
        ),
      'no checkpoint of Cutpoint',
    ],
    [
      'a config.json that is no JSON',
      () =>
        fromFolder(
          new Map([
            [MODEL_FILE, pt],
            ['config.json', bytes('{')],
          ]),
          'f',
        ),
      'no checkpoint of Cutpoint',
    ],
    [
      'a state of a newer version',
      () =>
        fromFolder(
          new Map([...folder, [STATE_FILE, encodeSafetensors(REST, { format: 'cutpoint-training-state/2' })]]),
          'f',
        ),
      'reads cutpoint-training-state/1',
    ],
    [
      'another dictionary',
      () => toFolder(run, { ...dictionary, strings: [...tags] }, 'atlas', 'f'),
      'another dictionary',
    ],
    ['a zip cut off', () => unzipFolder(zipFolder(folder, 'c').subarray(0, 900), '“z.zip”'), '“z.zip” is a broken zip'],
    ['no zip at all', () => unzipFolder(bytes('PK no zip'), 'z'), 'broken zip'],
  ])('%s is told', (_, read, message) => {
    expect(read).toThrow(UserError);
    expect(read).toThrow(message);
  });
});
