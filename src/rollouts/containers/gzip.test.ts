import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { GzipStream } from './gzip';

const MEMBERS = ['one\n', 'two\n'.repeat(50_000), ''].map((text) => gzipSync(text));

function unpacked(bytes: Uint8Array, pieceSize = 1 << 16): string {
  const out: Uint8Array[] = [];
  const stream = new GzipStream((chunk) => out.push(chunk.slice()));
  for (let at = 0; at < bytes.length; at += pieceSize) stream.push(bytes.subarray(at, at + pieceSize));
  stream.end();
  return Buffer.concat(out).toString();
}

describe('gzip', () => {
  it.each([1, 7, 1 << 16])('of several members, in pieces of %i bytes, padded with zeros or not', (size) => {
    const whole = Buffer.concat(MEMBERS);
    const text = `one\n${'two\n'.repeat(50_000)}`;
    expect(unpacked(whole, size)).toBe(text);
    for (const padding of [1, 8, 512]) expect(unpacked(Buffer.concat([whole, Buffer.alloc(padding)]), size)).toBe(text);
  });

  it.each([
    ['a check sum', -8],
    ['a length', -4],
  ])('with another %s is damaged, in the last member and before', (_, at) => {
    const spoilt = Buffer.from(MEMBERS[1] ?? []);
    spoilt[spoilt.length + at] = (spoilt.at(at) ?? 0) ^ 1;
    expect(() => unpacked(spoilt)).toThrow('check sum');
    expect(() => unpacked(Buffer.concat([spoilt, MEMBERS[0] ?? Buffer.alloc(0)]))).toThrow('check sum');
  });

  it.each([1, 4, 8, 9, 20])('that lacks its last %i bytes is cut off', (lacks) => {
    const whole = MEMBERS[0] ?? Buffer.alloc(0);
    expect(() => unpacked(whole.subarray(0, whole.length - lacks))).toThrow();
  });
});
