// Philox4x32-10 for N counters: words (N,4) and, in `uniforms`, the first word of each as a number in [0, 1).
// One invocation: one counter. Source: method.md section 4.
// @include "philox.wgsl"

struct Params { count: u32, key0: u32, key1: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> counters: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> words: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> uniforms: array<f32>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= p.count) { return; }
  let out = philox4x32(counters[n], vec2u(p.key0, p.key1));
  words[n] = out;
  uniforms[n] = uniform_from_word(out.x);
}
