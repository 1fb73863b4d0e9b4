// dx = rstd * w * dy - x * rstd^3 * mean(w * dy * x)      partials[s, c] = sum of dy * x * rstd over the rows of chunk s
// x, dy, dx (N,C), w (C), rstd (N). dx is overwritten, or added to where `accumulate` is 1 (the residual stream). Chunk s of the
// weight gradient starts at float s * stride of `partials`; reduce_partials adds the chunks. The two do not depend on each
// other: the first row_blocks workgroups compute dx, one invocation a row, the others the weight gradient, one a column of a chunk.

struct Params { rows: u32, cols: u32, accumulate: u32, chunk: u32, stride: u32, row_blocks: u32, column_blocks: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;
@group(0) @binding(6) var<storage, read_write> partials: array<f32>;

fn input_gradient(n: u32) {
  if (n >= p.rows) { return; }
  let base = n * p.cols;
  let r = rstd[n];
  var sum = 0.0;
  for (var c = 0u; c < p.cols; c++) {
    // x * rstd is near 1 in size, so the product cannot overflow where x is large.
    sum += w[c] * dy[base + c] * (x[base + c] * r);
  }
  let mean = sum / f32(p.cols);
  for (var c = 0u; c < p.cols; c++) {
    let v = r * (w[c] * dy[base + c] - (x[base + c] * r) * mean);
    if (p.accumulate != 0u) {
      dx[base + c] += v;
    } else {
      dx[base + c] = v;
    }
  }
}

fn weight_gradient(split: u32, c: u32) {
  if (c >= p.cols) { return; }
  let stop = min((split + 1u) * p.chunk, p.rows);
  var sum = 0.0;
  for (var n = split * p.chunk; n < stop; n++) {
    sum += dy[n * p.cols + c] * (x[n * p.cols + c] * rstd[n]);
  }
  partials[split * p.stride + c] = sum;
}

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (group.x < p.row_blocks) {
    input_gradient(group.x * 32u + lane);
  } else {
    let block = group.x - p.row_blocks;
    weight_gradient(block / p.column_blocks, block % p.column_blocks * 32u + lane);
  }
}
