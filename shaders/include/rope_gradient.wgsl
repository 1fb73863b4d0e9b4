// Turns a gradient back through RoPE while it is stored: the transpose of a rotation turns the other way. The including kernel
// declares `table` (T,D/2) of (cos, sin) and `dqkv`. Quad `quad` of the lower half of a head at `base` and its partner in the upper.
fn store_turned(base: u32, position: u32, quad: u32, low: vec4f, high: vec4f) {
  let half_dim = HEAD_DIM / 2u;
  for (var e = 0u; e < 4u; e++) {
    let i = quad * 4u + e;
    let turn = table[position * half_dim + i];
    dqkv[base + i] = low[e] * turn.x + high[e] * turn.y;
    dqkv[base + i + half_dim] = high[e] * turn.x - low[e] * turn.y;
  }
}
