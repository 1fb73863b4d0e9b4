// dx = rstd * w * dy - x * rstd^3 * mean(w * dy * x): x, dy, dx (N,C), w (C), rstd (N).
// dx is overwritten, or added to where `accumulate` is 1 (the residual stream). One invocation: one row.

struct Params { rows: u32, cols: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
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
