// partials[s, c] = sum of dy * x * rstd over the rows of chunk s; reduce_partials adds the chunks.
// x, dy (N,C), rstd (N), partials (S,C). One invocation: one column of one chunk.

struct Params { rows: u32, cols: u32, chunk: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> rstd: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  let split = id.y;
  if (c >= p.cols) { return; }
  let stop = min((split + 1u) * p.chunk, p.rows);
  var sum = 0.0;
  for (var n = split * p.chunk; n < stop; n++) {
    sum += dy[n * p.cols + c] * (x[n * p.cols + c] * rstd[n]);
  }
  partials[split * p.cols + c] = sum;
}
