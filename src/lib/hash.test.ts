import { describe, expect, it } from 'vitest';
import { fnv1a64Hex } from './hash';

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
});
