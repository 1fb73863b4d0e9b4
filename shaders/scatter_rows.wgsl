// y[index[n], c] = x[n, c]: the reverse of a gather whose indices are distinct. The rows not named keep what they hold.
// x (N,C), index (N) u32, y (M,C). One invocation: one element.

struct Params { rows: u32, cols: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let e = (group.y * 32768u + group.x) * 64u + lane;
  if (e >= p.rows * p.cols) { return; }
  let n = e / p.cols;
  y[index[n] * p.cols + (e - n * p.cols)] = x[e];
}
