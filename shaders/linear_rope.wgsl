// y = x W^T with the first `rotated` heads of each row turned by RoPE (rotate-half: coordinate i pairs with i + D/2):
//   y_i = u_i cos - u_{i+D/2} sin      y_{i+D/2} = u_{i+D/2} cos + u_i sin      u = x W^T
// x (N,K), y (N,ld); b: W^T in tiles of 4 pairs (transpose_weights with half = D/2). positions (N) u32, table (T,D/2) of
// (cos, sin), made on the CPU because WGSL's own promise an absolute error of 2^-11 only. WHOLE = 1 says that D/2 is a multiple of 4.
// @include "tile_main.wgsl"

struct Params { rows: u32, inner: u32, ld: u32, tiles: u32, half_dim: u32, rotated: u32, eps: f32, first_group: u32 }
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

fn row_count() -> u32 {
  return p.rows;
}

fn store_tile(row: u32, rows: u32, j: u32, s: vec4f, t: vec4f) {
  let quads = (p.half_dim + 3u) / 4u;
  let head = j / quads;
  let i = j % quads * 4u;
  if (row >= rows || head * 2u * p.half_dim >= p.ld) { return; }
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
