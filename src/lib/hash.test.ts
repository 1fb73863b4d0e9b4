import { describe, expect, it } from 'vitest';
import { Fnv1a64, fnv1a64Hex } from './hash';

function hashOf(text: string): string {
  return fnv1a64Hex(new TextEncoder().encode(text));
}

describe('fnv1a64Hex', () => {
  it('gives the published values', () => {
    expect(hashOf('')).toBe('cbf29ce484222325');
    expect(hashOf('a')).toBe('af63dc4c8601ec8c');
    expect(hashOf('foobar')).toBe('85944171f73967e8');
  });

  it('agrees with 64-bit integers on every byte value', () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, i) => (i * 37) & 255);
    let hash = 0xcbf29ce484222325n;
    for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    expect(fnv1a64Hex(bytes)).toBe(hash.toString(16).padStart(16, '0'));
  });

  it('is the same in whatever pieces the bytes come', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 91) & 255);
    const hash = new Fnv1a64();
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 700],
      [700, 1000],
    ])
      hash.push(bytes.subarray(from, to));
    expect(hash.hex).toBe(fnv1a64Hex(bytes));
  });
});
