// y = x W^T (+ residual), with NORMALISE = 1 y = rmsnorm(x) W^T whose gain stands in the weights.
// x (N,K), y and residual (N,ld) with ld >= O; columns O..ld-1 of y are not written. b: W^T in tiles of 8 columns as
// transpose_weights writes it (K, 8 * tiles). With LIMITED = 1 only rows below limit[0] are computed; WHOLE = 1 says that O and
// ld are multiples of 4. One invocation: a tile (tile.wgsl). Saved for backward: x.
// @include "tile.wgsl"

struct Params { rows: u32, inner: u32, outs: u32, ld: u32, tiles: u32, add_residual: u32, eps: f32 }
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

fn store(row: u32, rows: u32, col: u32, s: vec4f, t: vec4f) {
  if (row >= rows || col >= p.outs) { return; }
  let at = row * p.ld + col;
  store4(at, p.outs - col, s);
  if (col + 4u < p.outs) { store4(at + 4u, p.outs - col - 4u, t); }
}

@compute @workgroup_size(8, 4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  // @if SUBGROUPS
  @builtin(subgroup_invocation_id) subgroup: u32,
  // @end
) {
  // @if SUBGROUPS
  subgroup_lane = subgroup;
  // @end
  var rows = p.rows;
  if (LIMITED != 0u) { rows = min(rows, limit[0]); }
  if (octet_place(group.x, 0u, p.tiles).x >= rows) { return; }
  let place = octet_place(group.x, local.y, p.tiles);
  let row = place.x;
  let j = place.y + local.x;
  // @if SUBGROUPS
  let tile = min(j, p.tiles - 1u);
  // @else
  if (row >= rows || j >= p.tiles) { return; }
  let tile = j;
  // @end
  let v = tile_product(row, rows - 1u, p.inner, p.inner, 2u * tile, 2u * tile + 1u, 2u * p.tiles, p.eps);
  let col = j * 8u;
  // @if SUBGROUPS
  for (var r = 0u; r < TILE_ROWS; r++) {
    store(row + r, rows, col, v.s[r], v.t[r]);
  }
  // @else
  store(row, rows, col, v.s0, v.t0);
  store(row + 1u, rows, col, v.s1, v.t1);
  store(row + 2u, rows, col, v.s2, v.t2);
  store(row + 3u, rows, col, v.s3, v.t3);
  store(row + 4u, rows, col, v.s4, v.t4);
  store(row + 5u, rows, col, v.s5, v.t5);
  store(row + 6u, rows, col, v.s6, v.t6);
  store(row + 7u, rows, col, v.s7, v.t7);
  // @end
}
