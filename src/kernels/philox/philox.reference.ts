/**
 * Reference of Philox4x32-10 in 64-bit words (BigInt), so that it shares nothing with the 16-bit split products of
 * src/lib/philox.ts and of the shader. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011), section 5.3.
 */

const MASK = 0xffffffffn;
const HALF = 32n;

/** counter (4 words), key (2 words), all u32 -> 4 words of u32. */
export function philoxBlock(counter: ArrayLike<number>, key: ArrayLike<number>, rounds = 10): Uint32Array {
  let [c0, c1, c2, c3] = [BigInt(counter[0]!), BigInt(counter[1]!), BigInt(counter[2]!), BigInt(counter[3]!)];
  let [k0, k1] = [BigInt(key[0]!), BigInt(key[1]!)];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) {
      k0 = (k0 + 0x9e3779b9n) & MASK;
      k1 = (k1 + 0xbb67ae85n) & MASK;
    }
    const a = 0xd2511f53n * c0;
    const b = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(b >> HALF) ^ c1 ^ k0, b & MASK, (a >> HALF) ^ c3 ^ k1, a & MASK];
  }
  return Uint32Array.from([c0, c1, c2, c3], Number);
}

/** A word of u32 -> a number in [0, 1) with 24 bits, exact in float32. */
export function uniformFromWord(word: number): number {
  return Math.floor(word / 256) / 2 ** 24;
}
