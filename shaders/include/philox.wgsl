// Philox4x32-10 (Salmon et al. 2011): counter-based random numbers, the same words as src/lib/philox.ts.

fn mul_hi(a: u32, b: u32) -> u32 {
  // 32 x 32 -> high 32 bits by 16-bit halves: WGSL has no wide multiply.
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let low = al * bl;
  let mid = ah * bl + (low >> 16u);
  let mid2 = al * bh + (mid & 0xffffu);
  return ah * bh + (mid >> 16u) + (mid2 >> 16u);
}

fn philox4x32(counter: vec4u, seed: vec2u) -> vec4u {
  var c = counter;
  var k = seed;
  for (var round = 0u; round < 10u; round++) {
    let hi0 = mul_hi(0xD2511F53u, c.x);
    let lo0 = 0xD2511F53u * c.x;
    let hi1 = mul_hi(0xCD9E8D57u, c.z);
    let lo1 = 0xCD9E8D57u * c.z;
    c = vec4u(hi1 ^ c.y ^ k.x, lo1, hi0 ^ c.w ^ k.y, lo0);
    k += vec2u(0x9E3779B9u, 0xBB67AE85u);
  }
  return c;
}

// [0, 1), exact in float32.
fn uniform_from_word(word: u32) -> f32 {
  return f32(word >> 8u) * 5.9604644775390625e-8;
}
