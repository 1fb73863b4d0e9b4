import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors';

const values = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i)));
const TENSORS: readonly NamedTensor[] = [
  { name: 'model.embed_tokens.weight', shape: [7, 6], data: values(42) },
  { name: 'model.norm.weight', shape: [6], data: values(6) },
  { name: 'empty', shape: [0, 3], data: values(0) },
];
const good = encodeSafetensors(TENSORS, { format: 'test/1', note: 'größer' });

/** A file with this header and `data` bytes of data after it. */
function file(header: unknown, data = 0, headerLength?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const tensor = (change: object) => ({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...change } });

describe('safetensors', () => {
  it('gives back every float bit for bit, whatever the alignment of the bytes', () => {
    const shifted = new Uint8Array(good.length + 3);
    shifted.set(good, 3);
    for (const bytes of [good, shifted.subarray(3)]) {
      const read = decodeSafetensors(bytes, 'f');
      expect(read.metadata).toEqual({ format: 'test/1', note: 'größer' });
      expect([...read.tensors.values()]).toEqual(TENSORS);
    }
    const odd = [NaN, -0, Infinity, 1e-45];
    const bytes = encodeSafetensors([{ name: 'odd', shape: [4], data: Float32Array.from(odd) }], {});
    expect(
      [...decodeSafetensors(bytes, 'f').tensors.get('odd')!.data].map((x, i) => Object.is(x, Math.fround(odd[i]!))),
    ).toEqual(odd.map(() => true));
  });

  it('writes what other readers expect: header length, padded JSON, data at a multiple of 8', () => {
    const length = Number(new DataView(good.buffer).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    const header: unknown = JSON.parse(new TextDecoder().decode(good.subarray(8, 8 + length)));
    expect(header).toMatchObject({
      __metadata__: { format: 'test/1' },
      'model.embed_tokens.weight': { dtype: 'F32', shape: [7, 6], data_offsets: [0, 168] },
    });
    expect(good.length).toBe(8 + length + 48 * 4);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'ends before its header'],
    ['a cut in the length', good.subarray(0, 7), 'ends before its header'],
    ['a cut in the header', good.subarray(0, 100), 'cut off inside its header'],
    ['a cut in the data', good.subarray(0, good.length - 1), 'lies outside the file'],
    ['a header of exabytes', file({}, 0, 2n ** 63n), 'header is too long'],
    ['text', new TextEncoder().encode('<!doctype html><html>'), 'header is too long'],
    ['a header that is not JSON', file('{"x": '), 'header is not JSON'],
    ['a header that is a list', file('[1]'), 'header is not JSON'],
    ['a header that is null', file('null'), 'header is not JSON'],
    ['an entry that is a number', file({ x: 3 }), 'entry "x" is no object'],
    ['another dtype', file(tensor({ dtype: 'BF16' }), 8), 'is not float32'],
    ['offsets past the end', file(tensor({ data_offsets: [8, 16] }), 8), 'lies outside the file'],
    ['offsets backwards', file(tensor({ data_offsets: [8, 0] }), 8), 'lies outside the file'],
    ['offsets before the start', file(tensor({ data_offsets: [-8, 0] }), 8), 'no proper shape or offsets'],
    ['one offset', file(tensor({ data_offsets: [8] }), 8), 'lies outside the file'],
    ['fractional offsets', file(tensor({ data_offsets: [0.5, 8.5] }), 16), 'no proper shape or offsets'],
    [
      'tensors that overlap',
      file({ x: tensor({}).x, y: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } }, 12),
      'overlap or leave bytes',
    ],
    [
      'a tensor in another',
      file({ x: tensor({}).x, y: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8),
      'overlap or leave bytes',
    ],
    ['bytes before the first tensor', file(tensor({ data_offsets: [4, 12] }), 12), 'overlap or leave bytes'],
    ['bytes behind the last', file(tensor({}), 9), 'overlap or leave bytes'],
    ['a dtype that is an object', file(tensor({ dtype: {} }), 8), 'is not float32'],
    ['a shape that does not fit its data', file(tensor({ shape: [3] }), 8), 'does not fit its shape'],
    ['a shape beyond any memory', file(tensor({ shape: [2 ** 52, 2 ** 52] }), 8), 'does not fit its shape'],
    ['a negative shape', file(tensor({ shape: [-1, -2] }), 8), 'no proper shape or offsets'],
    ['no shape', file(tensor({ shape: null }), 8), 'no proper shape or offsets'],
  ])('%s is a message that names the file', (_, bytes, message) => {
    const read = () => decodeSafetensors(bytes, 'my.safetensors');
    expect(read).toThrow(UserError);
    expect(read).toThrow('my.safetensors is not a usable checkpoint');
    expect(read).toThrow(message);
  });
});
