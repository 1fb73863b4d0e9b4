// A head's vector in quads. Heads whose dimension is a multiple of 4 (WHOLE = 1) are loaded and stored a quad at a time; others
// number by number, with zeros past HEAD_DIM. The including kernel declares `qkv` (and `dqkv`) of the matching type.

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;

// @if WHOLE
fn load4(base: u32, quad: u32) -> vec4f {
  return qkv[base / 4u + quad];
}
// @else
fn load4(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  let left = HEAD_DIM - quad * 4u;
  return vec4f(qkv[at], select(0.0, qkv[at + 1u], left > 1u), select(0.0, qkv[at + 2u], left > 2u), select(0.0, qkv[at + 3u], left > 3u));
}
// @end

// Loops over the quads of the usual heads unroll, which keeps a row's arrays in registers; those of wide or odd heads must not (a
// software adapter compiles them for minutes), so their count comes from the uniforms.
fn quad_count() -> u32 {
  if (HEAD_DIM <= 32u && HEAD_DIM % 4u == 0u) { return QUADS; }
  return (p.head_dim + 3u) / 4u;
}
