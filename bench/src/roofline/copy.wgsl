// The most bytes that an adapter moves: y = x, one quad an invocation.

struct Params { quads: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let q = (group.y * 32768u + group.x) * 64u + lane;
  if (q >= p.quads) { return; }
  y[q] = x[q];
}
