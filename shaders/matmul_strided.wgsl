// out[s * stride + i * ld + j] = sum over k of a[i * a_row + k * a_inner] * b[k * b_inner + j * b_col]: any layout, any size.
// Chunk s sums k = s * chunk .. (s + 1) * chunk - 1. The path of gradients whose widths are no multiple of 4, which the
// register-tiled kernel does not take. One invocation: one element.

struct Params {
  rows: u32, cols: u32, inner: u32, ld: u32,
  a_row: u32, a_inner: u32, b_inner: u32, b_col: u32,
  chunk: u32, stride: u32,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

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
  out[id.z * p.stride + i * p.ld + j] = sum;
}
