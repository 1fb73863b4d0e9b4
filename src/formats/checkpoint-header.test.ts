import { describe, expect, it } from 'vitest';
import { configForPreset } from '../config/schema';
import { UserError } from '../lib/assert';
import { readHeader, readRunHeader } from './checkpoint-header';
import { decodeSafetensors, encodeSafetensors } from './safetensors';

const config = JSON.stringify(configForPreset('oracle-label', { prompts: 3 }));
const embedding = (width: number) => ({
  name: 'model.embed_tokens.weight',
  shape: [2, width],
  data: new Float32Array(2 * width),
});
const header = (metadata: Record<string, string>, width = 64) =>
  readHeader(decodeSafetensors(encodeSafetensors([embedding(width)], metadata), 'f'), 'f');

describe('the header of a checkpoint', () => {
  it('tells a run from weights alone', () => {
    expect(header({ format: 'cutpoint-checkpoint/1', world: 'atlas', config, update: '3' })).toEqual({
      kind: 'checkpoint',
      world: 'atlas',
      config: configForPreset('oracle-label', { prompts: 3 }),
      update: 3,
    });
    expect(header({ format: 'cutpoint-base/1', world: 'mine' })).toEqual({
      kind: 'base',
      world: 'mine',
      size: 'small',
    });
    expect(header({ format: 'pt', cutpoint: 'cutpoint-base/1' }, 256)).toMatchObject({ kind: 'base', size: 'large' });
  });

  it.each([
    ['a newer run', { format: 'cutpoint-checkpoint/2' }, 'It comes from a newer version'],
    ['newer weights', { format: 'pt', cutpoint: 'cutpoint-base/12' }, 'this version reads cutpoint-base/1'],
    ['a foreign file', { format: 'pt' }, 'no checkpoint of Cutpoint'],
    ['no format', {}, '"unknown"'],
    ['another file of ours', { format: 'cutpoint-training-state/1' }, 'no checkpoint of Cutpoint'],
    ['no configuration', { format: 'cutpoint-checkpoint/1' }, 'configuration cannot be read'],
    ['a setting out of range', { format: 'cutpoint-checkpoint/1', config: '{"prompts":1e9}' }, 'prompts'],
    ['no update', { format: 'cutpoint-checkpoint/1', config }, 'how far'],
  ])('refuses %s', (_, metadata: Record<string, string>, message) => {
    const read = () => header(metadata);
    expect(read).toThrow(UserError);
    try {
      read();
    } catch (error) {
      expect(error instanceof UserError && `${error.message} ${error.hint ?? ''}`).toContain(message);
    }
  });

  it('refuses weights of a width that no model has, and weights where a run is wanted', () => {
    expect(() => header({ format: 'cutpoint-base/1' }, 48)).toThrow('width 48');
    expect(() => readRunHeader(encodeSafetensors([], { format: 'cutpoint-base/1' }), 'f')).toThrow('weights alone');
  });
});
