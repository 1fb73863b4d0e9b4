// dx = rstd * w * dy - x * rstd^3 * mean(w * dy * x)      partials[s, c] = sum of dy * x * rstd over the rows of chunk s
// x, dy, dx (N,C), w (C), rstd (N). dx is overwritten, or added to where `accumulate` is 1 (the residual stream). Chunk s of the
// weight gradient starts at float s * stride of `partials`; reduce_partials adds the chunks. The two do not depend on each
// other: the first row_blocks workgroups compute dx, the others the weight gradient, COLUMNS columns of a chunk each. An invocation has a
// row or a column to itself; or 64 share a row and 32 a column, of which each takes every 32nd row of the chunk.
// @include "row_lanes.wgsl"

struct Params { rows: u32, cols: u32, accumulate: u32, chunk: u32, stride: u32, row_blocks: u32, column_blocks: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;
@group(0) @binding(6) var<storage, read_write> partials: array<f32>;

// @if COOPERATIVE
// 32 bytes of a row, the least that a GPU loads at once.
const COLUMNS: u32 = 8u;

// The sum over the invocations of a column, for the first of them.
fn column_sum(index: u32, value: f32) -> f32 {
  lane_values[index] = value;
  workgroupBarrier();
  var sum = 0.0;
  if (index < COLUMNS) {
    for (var l = index; l < GROUP; l += COLUMNS) { sum += lane_values[l]; }
  }
  return sum;
}
// @else
const COLUMNS: u32 = GROUP;

fn column_sum(index: u32, value: f32) -> f32 {
  return value;
}
// @end

fn input_gradient(n: u32, index: u32) {
  // Rows behind the last have no columns; their invocations meet the barriers with the others.
  let stop = select(0u, p.cols, n < p.rows);
  let base = n * p.cols;
  let lane = index % ROW_LANES;
  let r = rstd[min(n, p.rows - 1u)];
  var sum = 0.0;
  for (var c = lane; c < stop; c += ROW_LANES) {
    // x * rstd is near 1 in size, so the product cannot overflow where x is large.
    sum += w[c] * dy[base + c] * (x[base + c] * r);
  }
  let mean = row_sum(index, sum) / f32(p.cols);
  for (var c = lane; c < stop; c += ROW_LANES) {
    let v = r * (w[c] * dy[base + c] - (x[base + c] * r) * mean);
    if (p.accumulate != 0u) {
      dx[base + c] += v;
    } else {
      dx[base + c] = v;
    }
  }
}

fn weight_gradient(split: u32, c: u32, index: u32) {
  let stop = select(0u, min((split + 1u) * p.chunk, p.rows), c < p.cols);
  var sum = 0.0;
  for (var n = split * p.chunk + index / COLUMNS; n < stop; n += GROUP / COLUMNS) {
    sum += dy[n * p.cols + c] * (x[n * p.cols + c] * rstd[n]);
  }
  let total = column_sum(index, sum);
  if (index < COLUMNS && c < p.cols) { partials[split * p.stride + c] = total; }
}

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) index: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  if (group.x < p.row_blocks) {
    input_gradient(group.x * (GROUP / ROW_LANES) + index / ROW_LANES, index);
  } else {
    let block = group.x - p.row_blocks;
    weight_gradient(block / p.column_blocks, block % p.column_blocks * COLUMNS + index % COLUMNS, index);
  }
}
