// y = x W^T (+ residual), with NORMALISE = 1 y = rmsnorm(x) W^T whose gain stands in the weights.
// x (N,K), y and residual (N,ld) with ld >= O; columns O..ld-1 of y are not written. b: W^T in tiles of 8 columns as
// transpose_weights writes it (K, 8 * tiles). With LIMITED = 1 only rows below limit[0] are computed; WHOLE = 1 says that O and
// ld are multiples of 4. One invocation: a tile (tile.wgsl). Saved for backward: x.
// @include "tile_main.wgsl"

struct Params { rows: u32, inner: u32, outs: u32, ld: u32, tiles: u32, add_residual: u32, eps: f32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read> limit: array<u32>;
// @if WHOLE
@group(0) @binding(3) var<storage, read> residual: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;

fn store4(at: u32, left: u32, value: vec4f) {
  if (p.add_residual != 0u) {
    y[at / 4u] = value + residual[at / 4u];
  } else {
    y[at / 4u] = value;
  }
}
// @else
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

fn store4(at: u32, left: u32, value: vec4f) {
  var v = value;
  if (p.add_residual != 0u) {
    v.x += residual[at];
    if (left > 1u) { v.y += residual[at + 1u]; }
    if (left > 2u) { v.z += residual[at + 2u]; }
    if (left > 3u) { v.w += residual[at + 3u]; }
  }
  y[at] = v.x;
  if (left > 1u) { y[at + 1u] = v.y; }
  if (left > 2u) { y[at + 2u] = v.z; }
  if (left > 3u) { y[at + 3u] = v.w; }
}
// @end

fn row_count() -> u32 {
  if (LIMITED != 0u) { return min(p.rows, limit[0]); }
  return p.rows;
}

fn store_tile(row: u32, rows: u32, j: u32, s: vec4f, t: vec4f) {
  let col = j * 8u;
  if (row >= rows || col >= p.outs) { return; }
  let at = row * p.ld + col;
  store4(at, p.outs - col, s);
  if (col + 4u < p.outs) { store4(at + 4u, p.outs - col - 4u, t); }
}
