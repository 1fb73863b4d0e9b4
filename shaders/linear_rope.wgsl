// y = x W^T with the first `rotated` heads of each row turned by RoPE (rotate-half: coordinate i pairs with i + D/2):
//   y_i = u_i cos - u_{i+D/2} sin      y_{i+D/2} = u_{i+D/2} cos + u_i sin      u = x W^T
// x (N,K), y (N,ld); b: W^T in tiles of 4 pairs (transpose_weights with half = D/2). positions (N) u32, table (T,D/2) of
// (cos, sin), made on the CPU because WGSL's own promise an absolute error of 2^-11 only. WHOLE = 1 says that D/2 is a multiple of 4.
// One invocation: 8 rows x 4 pairs.
// @include "tile.wgsl"

struct Params { rows: u32, inner: u32, ld: u32, tiles: u32, half_dim: u32, rotated: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read> positions: array<u32>;
// @if WHOLE
@group(0) @binding(4) var<storage, read> table: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;
// @else
@group(0) @binding(4) var<storage, read> table: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;
// @end

fn store(row: u32, head: u32, i: u32, s: vec4f, t: vec4f) {
  if (row >= p.rows || head * 2u * p.half_dim >= p.ld) { return; }
  let at = row * p.ld + head * 2u * p.half_dim + i;
  let turns = positions[row] * p.half_dim + i;
  // @if WHOLE
  var cosine = vec4f(1.0);
  var sine = vec4f();
  if (head < p.rotated) {
    let first = table[turns / 2u];
    let second = table[turns / 2u + 1u];
    cosine = vec4f(first.xz, second.xz);
    sine = vec4f(first.yw, second.yw);
  }
  y[at / 4u] = s * cosine - t * sine;
  y[(at + p.half_dim) / 4u] = t * cosine + s * sine;
  // @else
  for (var e = 0u; e < 4u; e++) {
    if (i + e >= p.half_dim) { break; }
    var turn = vec2f(1.0, 0.0);
    if (head < p.rotated) { turn = table[turns + e]; }
    y[at + e] = s[e] * turn.x - t[e] * turn.y;
    y[at + e + p.half_dim] = t[e] * turn.x + s[e] * turn.y;
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
  let place = octet_place(group.x, local.y, p.tiles);
  let row = place.x;
  let j = place.y + local.x;
  // @if SUBGROUPS
  let tile = min(j, p.tiles - 1u);
  // @else
  if (row >= p.rows || j >= p.tiles) { return; }
  let tile = j;
  // @end
  let v = tile_product(row, p.rows - 1u, p.inner, p.inner, 2u * tile, 2u * tile + 1u, 2u * p.tiles, 0.0);
  let quads = (p.half_dim + 3u) / 4u;
  let head = j / quads;
  let i = j % quads * 4u;
  // @if SUBGROUPS
  for (var r = 0u; r < TILE_ROWS; r++) {
    store(row + r, head, i, v.s[r], v.t[r]);
  }
  // @else
  store(row, head, i, v.s0, v.t0);
  store(row + 1u, head, i, v.s1, v.t1);
  store(row + 2u, head, i, v.s2, v.t2);
  store(row + 3u, head, i, v.s3, v.t3);
  store(row + 4u, head, i, v.s4, v.t4);
  store(row + 5u, head, i, v.s5, v.t5);
  store(row + 6u, head, i, v.s6, v.t6);
  store(row + 7u, head, i, v.s7, v.t7);
  // @end
}
