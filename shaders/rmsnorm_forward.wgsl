// y = x * rstd * w with rstd = 1 / sqrt(mean(x^2) + eps): x and y (N,C), w (C), rstd (N), saved for backward with x.
// One invocation or one workgroup: one row.
// @include "row_lanes.wgsl"

struct Params { rows: u32, cols: u32, eps: f32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> rstd: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) index: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let n = row_of(group, index);
  if (n >= p.rows) { return; }
  let base = n * p.cols;
  let lane = index % ROW_LANES;
  var sum = 0.0;
  for (var c = lane; c < p.cols; c += ROW_LANES) {
    let v = x[base + c];
    sum += v * v;
  }
  let r = 1.0 / sqrt(row_sum(index, sum) / f32(p.cols) + p.eps);
  if (lane == 0u) { rstd[n] = r; }
  for (var c = lane; c < p.cols; c += ROW_LANES) {
    y[base + c] = x[base + c] * r * w[c];
  }
}
