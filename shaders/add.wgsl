// y += x over `size` elements. One invocation: one element.

struct Params { size: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let e = (group.y * 32768u + group.x) * 64u + lane;
  if (e >= p.size) { return; }
  y[e] += x[e];
}
