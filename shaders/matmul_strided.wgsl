// out[i, j] = sum over k of a[i * a_row + k * a_inner] * b[k * b_inner + j * b_col] (+ residual): any layout, any size.
// The path for widths that are no multiple of 4, which the register-tiled kernels do not take. out and residual (M,ld),
// partial sums over chunks of k in (S,M,ld) where `chunk` is shorter than the inner dimension.
// One invocation: one element.

struct Params {
  rows: u32, cols: u32, inner: u32, ld: u32,
  a_row: u32, a_inner: u32, b_inner: u32, b_col: u32,
  chunk: u32, add_residual: u32,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let j = id.y;
  if (i >= p.rows || j >= p.cols) { return; }
  let stop = min((id.z + 1u) * p.chunk, p.inner);
  var sum = 0.0;
  for (var k = id.z * p.chunk; k < stop; k++) {
    sum += a[i * p.a_row + k * p.a_inner] * b[k * p.b_inner + j * p.b_col];
  }
  let at = i * p.ld + j;
  if (p.add_residual != 0u) { sum += residual[at]; }
  out[id.z * p.rows * p.ld + at] = sum;
}
