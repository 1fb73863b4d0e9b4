// Like load_head.wgsl for `dout`, and the stores to `dqkv`.

// @if WHOLE
fn load_dout(base: u32, quad: u32) -> vec4f {
  return dout[base / 4u + quad];
}
fn store_gradient(base: u32, quad: u32, value: vec4f) {
  dqkv[base / 4u + quad] = value;
}
// @else
fn load_dout(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  let left = HEAD_DIM - quad * 4u;
  return vec4f(dout[at], select(0.0, dout[at + 1u], left > 1u), select(0.0, dout[at + 2u], left > 2u), select(0.0, dout[at + 3u], left > 3u));
}
fn store_gradient(base: u32, quad: u32, value: vec4f) {
  let left = min(4u, HEAD_DIM - quad * 4u);
  for (var e = 0u; e < left; e++) {
    dqkv[base + quad * 4u + e] = value[e];
  }
}
// @end
