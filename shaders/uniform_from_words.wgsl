// uniforms[n] = (words[n] >> 8) * 2^-24: words (N) u32, uniforms (N) f32 in [0, 1). One invocation: one word.
// @include "philox.wgsl"

struct Params { count: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> words: array<u32>;
@group(0) @binding(2) var<storage, read_write> uniforms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = (group.y * 32768u + group.x) * 64u + lane;
  if (n >= p.count) { return; }
  uniforms[n] = uniform_from_word(words[n]);
}
