// @include "tile.wgsl"
// @include "tile_cooperative.wgsl"
// The entry point of a product of rows with a tiled weight (transpose_weights). The including kernel declares `p` (inner, tiles, eps),
// `a` and `b`, row_count(), and store_tile(row, rows, j, s, t), which takes the 8 columns of tile j in one row and leaves out what is
// not there.

// @if COOPERATIVE
@compute @workgroup_size(8, SLICES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let rows = row_count();
  let place = octet_place(group.y * 32768u + group.x, p.tiles);
  if (place.x >= rows) { return; }
  let j = place.y + local.x;
  let tile = min(j, p.tiles - 1u);
  let part = tile_slice(place.x, rows - 1u, p.inner, p.inner, 2u * tile, 2u * tile + 1u, 2u * p.tiles, local.y);
  let stores = local.y < 4u && j < p.tiles;
  let low = add_slices(part.low, local.xy, p.inner, p.eps);
  if (stores) { store_tile(place.x + local.y, rows, j, low.s, low.t); }
  if (TILE_ROWS > 4u) {
    let high = add_slices(part.high, local.xy, p.inner, p.eps);
    if (stores) { store_tile(place.x + 4u + local.y, rows, j, high.s, high.t); }
  }
}
// @end
// @if SUBGROUPS
// Of one dimension, as naga wants it where subgroups are.
@compute @workgroup_size(32)
fn main(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) subgroup: u32,
) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let local = vec2u(index % 8u, index / 8u);
  subgroup_lane = subgroup;
  let rows = row_count();
  let octet = (group.y * 32768u + group.x) * 4u;
  if (octet_place(octet, p.tiles).x >= rows) { return; }
  let place = octet_place(octet + local.y, p.tiles);
  let j = place.y + local.x;
  let tile = min(j, p.tiles - 1u);
  let v = tile_product(place.x, rows - 1u, p.inner, p.inner, 2u * tile, 2u * tile + 1u, 2u * p.tiles, p.eps);
  // @if QUARTETS
  // In a loop, as what stores a row is long and SwiftShader's compiler slow; the copy lies in memory, so that the sums need not.
  var kept = v;
  for (var r = 0u; r < TILE_ROWS; r++) {
    store_tile(place.x + r, rows, j, kept.s[r], kept.t[r]);
  }
  // @else
  // @unroll TILE_ROWS
  for (var r = 0u; r < TILE_ROWS; r++) {
    store_tile(place.x + r, rows, j, v.s[r], v.t[r]);
  }
  // @end
}
// @end
// @if BASE
@compute @workgroup_size(8, 4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let rows = row_count();
  let place = octet_place((group.y * 32768u + group.x) * 4u + local.y, p.tiles);
  let row = place.x;
  let j = place.y + local.x;
  if (row >= rows || j >= p.tiles) { return; }
  let v = tile_product(row, rows - 1u, p.inner, p.inner, 2u * j, 2u * j + 1u, 2u * p.tiles, p.eps);
  // @if QUARTETS
  var s = array(v.s0, v.s1, v.s2, v.s3, v.s4, v.s5, v.s6, v.s7);
  var t = array(v.t0, v.t1, v.t2, v.t3, v.t4, v.t5, v.t6, v.t7);
  for (var r = 0u; r < TILE_ROWS; r++) { store_tile(row + r, rows, j, s[r], t[r]); }
  // @else
  store_tile(row, rows, j, v.s0, v.t0);
  store_tile(row + 1u, rows, j, v.s1, v.t1);
  store_tile(row + 2u, rows, j, v.s2, v.t2);
  store_tile(row + 3u, rows, j, v.s3, v.t3);
  store_tile(row + 4u, rows, j, v.s4, v.t4);
  store_tile(row + 5u, rows, j, v.s5, v.t5);
  store_tile(row + 6u, rows, j, v.s6, v.t6);
  store_tile(row + 7u, rows, j, v.s7, v.t7);
  // @end
}
// @end
