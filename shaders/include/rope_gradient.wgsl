// Turns a gradient back through RoPE while it is stored: the transpose of a rotation turns the other way. Quad `quad` of the lower
// half of a head at `base` and its partner in the upper; table (T,D/2) of (cos, sin), two pairs a vec4.
fn store_turned(base: u32, position: u32, quad: u32, low: vec4f, high: vec4f) {
  let at = (position * (HEAD_DIM / 2u) + quad * 4u) / 2u;
  let first = table[at];
  let second = table[at + 1u];
  let cosine = vec4f(first.xz, second.xz);
  let sine = vec4f(first.yw, second.yw);
  store_gradient(base, quad, low * cosine + high * sine);
  store_gradient(base, quad + HEAD_DIM / 8u, high * cosine - low * sine);
}
