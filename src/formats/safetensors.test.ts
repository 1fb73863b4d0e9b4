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
    ['another dtype', file(tensor({ dtype: 'F64' }), 8), 'is not float32, float16 or bfloat16 but F64'],
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

  it('widens half precision, every one of the 65,536 numbers', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const read = (dtype: string) => {
      const header = new TextEncoder().encode(
        JSON.stringify({ x: { dtype, shape: [256, 256], data_offsets: [0, 131_072] } }),
      );
      const length = new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer);
      const bytes = Buffer.concat([length, header, new Uint8Array(all.buffer)]);
      const { tensors, widened } = decodeSafetensors(bytes, 'f');
      expect(widened).toEqual([dtype]);
      return tensors.get('x')?.data ?? new Float32Array(0);
    };
    const [half, brain] = [read('F16'), read('BF16')];
    const single = new DataView(new ArrayBuffer(4));
    let wrong = 0;
    for (let i = 0; i < all.length; i++) {
      single.setUint16(0, i);
      wrong += Number(!Object.is(brain[i], single.getFloat32(0)));
    }
    for (let i = 0; i < 0x8000; i++) {
      // Neighbours are one unit in the last place apart, and the upper half mirrors the lower one.
      const exponent = i >> 10;
      const [here = NaN, next = NaN, mirrored = NaN] = [half[i], half[i + 1], half[i + 0x8000]];
      if (i < 0x7bff) wrong += Number(next - here !== 2 ** (Math.max(exponent, 1) - 25));
      wrong += Number(!Object.is(mirrored, -here) || Number.isNaN(here) !== i > 0x7c00);
    }
    expect(wrong).toBe(0);
    expect([half[0], half[0x8000], half[0x7c00]]).toEqual([0, -0, Infinity]);
    // Known numbers: 1, the largest, the smallest, -2.
    expect([0x3c00, 0x7bff, 1, 0xc000].map((i) => half[i])).toEqual([1, 65504, 2 ** -24, -2]);
    expect([0x3f80, 0xc000].map((i) => brain[i])).toEqual([1, -2]);
  });
});
