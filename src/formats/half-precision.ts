/** Half precision to float32, bit for bit what every library makes of it: each half number is a float32 number. */

/** bfloat16 is the upper half of a float32. */
export function widenBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const out = new Uint32Array(halves.length);
  halves.forEach((half, i) => {
    out[i] = half << 16;
  });
  return new Float32Array(out.buffer);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
export function widenFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
