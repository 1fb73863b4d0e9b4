// hidden = silu(g) * u with g and u the two halves of x W^T; with NORMALISE = 1 of rmsnorm(x) W^T, whose gain stands in the weights.
// x (N,K), hidden (N,F); with KEEP = 1 gate_up (N,2F) = [g | u] is saved for backward. b: W^T in tiles of 4 gates and their 4 ups
// (transpose_weights with half = F). With LIMITED = 1 only rows below limit[0]; WHOLE = 1 says that F is a multiple
// of 4. One invocation: a tile (tile.wgsl) of 4 gates and their 4 ups.
// @include "tile.wgsl"

struct Params { rows: u32, inner: u32, ffn: u32, tiles: u32, eps: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read> limit: array<u32>;
// @if WHOLE
@group(0) @binding(4) var<storage, read_write> gate_up: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> hidden: array<vec4f>;
// @else
@group(0) @binding(4) var<storage, read_write> gate_up: array<f32>;
@group(0) @binding(5) var<storage, read_write> hidden: array<f32>;
// @end

fn store(row: u32, rows: u32, col: u32, g: vec4f, u: vec4f) {
  if (row >= rows || col >= p.ffn) { return; }
  // exp(80) is finite in float32; beyond it sigmoid is 0 to every digit that matters.
  let h = g / (1.0 + exp(min(-g, vec4f(80.0)))) * u;
  // @if WHOLE
  hidden[(row * p.ffn + col) / 4u] = h;
  if (KEEP != 0u) {
    gate_up[(row * 2u * p.ffn + col) / 4u] = g;
    gate_up[((row * 2u + 1u) * p.ffn + col) / 4u] = u;
  }
  // @else
  for (var e = 0u; e < 4u; e++) {
    if (col + e >= p.ffn) { break; }
    hidden[row * p.ffn + col + e] = h[e];
    if (KEEP != 0u) {
      let at = row * 2u * p.ffn + col + e;
      gate_up[at] = g[e];
      gate_up[at + p.ffn] = u[e];
    }
  }
  // @end
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
  let col = j * 4u;
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
