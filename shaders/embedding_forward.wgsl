// y[n, c] = table[index[n], c]: the embedding lookup, and any other gather of rows.
// table (V,C), index (N) u32, y (N,C) overwritten. One invocation: one element. Nothing is saved: the indices are kept anyway.

struct Params { rows: u32, cols: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> table: array<f32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  // Element id over a two-dimensional grid, since one dimension ends at 65,535 workgroups.
  let e = (group.y * 32768u + group.x) * 64u + lane;
  if (e >= p.rows * p.cols) { return; }
  let n = e / p.cols;
  y[e] = table[index[n] * p.cols + (e - n * p.cols)];
}
