import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES, philox4x32, uniformFromWord } from './philox';

// The three published known-answer vectors of Philox4x32-10 (Random123): counter, key, output.
const KNOWN_ANSWERS = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as const;

function stream(row = 0): PhiloxStream {
  return new PhiloxStream(1, PURPOSES.world, row, 3, 4);
}

describe('philox4x32', () => {
  it('gives the published answers', () => {
    for (const [[c0, c1, c2, c3], [k0, k1], expected] of KNOWN_ANSWERS) {
      expect(philox4x32(c0, c1, c2, c3, k0, k1)).toEqual(expected);
    }
  });

  it('agrees with 64-bit integer arithmetic on varied words', () => {
    const mask = 0xffffffffn;
    for (let i = 0; i < 50; i += 1) {
      const [c0, c1, c2, c3] = philox4x32(i, 1, 2, 3, 4, 5);
      let [a, b, c, d] = [BigInt(c0), BigInt(c1), BigInt(c2), BigInt(c3)];
      let [k0, k1] = [0xfedcba98n, BigInt(i)];
      for (let round = 0; round < 10; round += 1) {
        const p0 = 0xd2511f53n * a;
        const p1 = 0xcd9e8d57n * c;
        [a, b, c, d] = [(p1 >> 32n) ^ b ^ k0, p1 & mask, (p0 >> 32n) ^ d ^ k1, p0 & mask];
        k0 = (k0 + 0x9e3779b9n) & mask;
        k1 = (k1 + 0xbb67ae85n) & mask;
      }
      expect(philox4x32(c0, c1, c2, c3, 0xfedcba98, i)).toEqual([a, b, c, d].map(Number));
    }
  });

  it('maps the extreme words into [0, 1)', () => {
    expect(uniformFromWord(0)).toBe(0);
    expect(uniformFromWord(255)).toBe(0);
    expect(uniformFromWord(0xffffffff)).toBe(1 - 2 ** -24);
  });
});

describe('PhiloxStream', () => {
  it('reads blocks at counter (position, row, update, lane) and key (seed, purpose)', () => {
    const numbers = stream(2);
    const words = Array.from({ length: 8 }, () => numbers.nextU32());
    expect(words).toEqual([...philox4x32(0, 2, 3, 4, 1, 1), ...philox4x32(1, 2, 3, 4, 1, 1)]);
  });

  it('draws integers evenly and refuses an empty range', () => {
    const numbers = stream();
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i += 1) {
      const drawn = numbers.int(3);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
    expect(() => numbers.int(0)).toThrow('int(0)');
    expect(() => numbers.choice([])).toThrow('empty');
  });

  it('has a normal of mean 0 and variance 1', () => {
    const numbers = stream();
    const drawn = Array.from({ length: 4000 }, () => numbers.normal());
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.09);
  });

  it('shuffles to a permutation, each element reaching each place', () => {
    const places = new Set<string>();
    for (let row = 0; row < 60; row += 1) {
      const shuffled = stream(row).shuffle(['a', 'b', 'c']);
      expect([...shuffled].sort()).toEqual(['a', 'b', 'c']);
      places.add(shuffled.join(''));
    }
    expect(places.size).toBe(6);
  });

  it('draws by weight and never an index of weight 0', () => {
    const numbers = stream();
    let second = 0;
    for (let i = 0; i < 2000; i += 1) {
      const drawn = numbers.weighted([0, 3, 1, 0]);
      expect([1, 2]).toContain(drawn);
      if (drawn === 1) second += 1;
    }
    expect(Math.abs(second - 1500)).toBeLessThan(100);
    expect(() => numbers.weighted([0, 0])).toThrow('positive weight');
  });

  it('chooses members', () => {
    expect(['x', 'y']).toContain(stream().choice(['x', 'y']));
  });
});
