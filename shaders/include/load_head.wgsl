// Four coordinates of a head's vector in `qkv`, zeros past HEAD_DIM; the including kernel declares the binding.

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;

fn load4(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  if (HEAD_DIM % 4u == 0u) {
    return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  }
  let left = HEAD_DIM - quad * 4u;
  return vec4f(qkv[at], select(0.0, qkv[at + 1u], left > 1u), select(0.0, qkv[at + 2u], left > 2u), select(0.0, qkv[at + 3u], left > 3u));
}
