/**
 * FNV-1a, 64 bit, as 16 hex digits: tells whether two byte strings are equal (weights, metrics), no defence against
 * anybody. Runs in two 32-bit halves, as BigInt takes seconds for a checkpoint.
 */
export function fnv1a64Hex(bytes: Uint8Array): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    // times 2^40 + 0x1b3: the product's low half, what it carries upward, and low * 2^40 that lands in the high half.
    const product = low * 0x1b3;
    const carry = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
