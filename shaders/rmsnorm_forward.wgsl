// y = x * rstd * w with rstd = 1 / sqrt(mean(x^2) + eps): x and y (N,C), w (C), rstd (N), saved for backward with x.
// One invocation: one row; barriers of a workgroup reduction cost 4-12 times more on software adapters.

struct Params { rows: u32, cols: u32, eps: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> rstd: array<f32>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= p.rows) { return; }
  let base = n * p.cols;
  var sum = 0.0;
  for (var c = 0u; c < p.cols; c++) {
    let v = x[base + c];
    sum += v * v;
  }
  let r = 1.0 / sqrt(sum / f32(p.cols) + p.eps);
  rstd[n] = r;
  for (var c = 0u; c < p.cols; c++) {
    y[base + c] = x[base + c] * r * w[c];
  }
}
