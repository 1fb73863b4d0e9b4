// @include "octet.wgsl"
// @include "norm_factor.wgsl"
// A tile of a matrix product A B in registers: TILE_ROWS rows x 8 columns; the including kernel declares `a` (array<f32>, rows of
// `lda`) and `b` (array<vec4f>, `inner` rows of `ldb4` quads). One step of the inner dimension at a time: longer ones need more
// registers than a software adapter has, and took twice the time. Nothing lies in workgroup memory, whose barriers cost 20-60%
// there. Every output sums over the inner dimension in ascending order, whatever the number of rows is.
// Software adapters want the fewest loads. With SUBGROUPS = 1 neighbours (octet.wgsl) hold tiles of the same rows and load each number of A
// once, so those tiles are 16 rows high: an octet has 10 loads for 128 multiply-adds instead of 9 for 64. GPUs take tile_cooperative.wgsl.
// With NORMALISE = 1 the rows of A pass through RMSNorm on the way: their squares are summed beside the products, and the sums scaled
// at the end. A pass of its own would load A again and, to share its result, need a barrier. The gain of the norm is folded into the
// weights (transpose_weights).

// @if SUBGROUPS
// TILE_ROWS comes from the launcher: 16, or 8 where a short compilation counts for more. The loops over rows unroll, so that the
// arrays are registers.
struct Tile { s: array<vec4f, TILE_ROWS>, t: array<vec4f, TILE_ROWS> }
// @end
// @if BASE
const TILE_ROWS: u32 = 8u;

struct Tile {
  s0: vec4f, s1: vec4f, s2: vec4f, s3: vec4f, s4: vec4f, s5: vec4f, s6: vec4f, s7: vec4f,
  t0: vec4f, t1: vec4f, t2: vec4f, t3: vec4f, t4: vec4f, t5: vec4f, t6: vec4f, t7: vec4f,
}
// @end

// Where octet o of 8 tiles of the same rows stands: (first row, first tile). Octets go along the tiles of the same rows, then to the
// next rows, so that a workgroup holds no more rows than it must.
fn octet_place(o: u32, tiles: u32) -> vec2u {
  let across = (tiles + 7u) / 8u;
  return vec2u(o / across * TILE_ROWS, o % across * 8u);
}

// Rows row .. row + TILE_ROWS - 1 (those past `last` repeat it), columns of quads c (s) and d (t).
// @if SUBGROUPS
fn tile_product(row: u32, last: u32, lda: u32, inner: u32, c: u32, d: u32, ldb4: u32, eps: f32) -> Tile {
  var tile: Tile;
  // @unroll TILE_ROWS
  for (var r = 0u; r < TILE_ROWS; r++) {
    tile.s[r] = vec4f();
    tile.t[r] = vec4f();
  }
  var starts: array<u32, SHARES>;
  var own: array<f32, SHARES>;
  var squares: array<f32, SHARES>;
  // @unroll SHARES
  for (var i = 0u; i < SHARES; i++) {
    starts[i] = min(row + i * GIVERS + subgroup_lane % GIVERS, last) * lda;
    squares[i] = 0.0;
  }
  for (var k = 0u; k < inner; k++) {
    let f = b[k * ldb4 + c];
    let g = b[k * ldb4 + d];
    // @unroll SHARES
    for (var i = 0u; i < SHARES; i++) {
      own[i] = a[starts[i] + k];
      if (NORMALISE != 0u) { squares[i] += own[i] * own[i]; }
    }
    // @unroll TILE_ROWS
    for (var r = 0u; r < TILE_ROWS; r++) {
      // @if QUARTETS
      let v = quadBroadcast(own[r / 4u], r % 4u);
      // @else
      let v = pass_number(own[r / 8u], r % 8u);
      // @end
      tile.s[r] += v * f;
      tile.t[r] += v * g;
    }
  }
  if (NORMALISE != 0u) {
    // @unroll SHARES
    for (var i = 0u; i < SHARES; i++) {
      own[i] = norm_factor(squares[i], inner, eps);
    }
    // @unroll TILE_ROWS
    for (var r = 0u; r < TILE_ROWS; r++) {
      // @if QUARTETS
      let n = quadBroadcast(own[r / 4u], r % 4u);
      // @else
      let n = pass_number(own[r / 8u], r % 8u);
      // @end
      tile.s[r] *= n;
      tile.t[r] *= n;
    }
  }
  return tile;
}
// @end
// @if BASE
fn tile_product(row: u32, last: u32, lda: u32, inner: u32, c: u32, d: u32, ldb4: u32, eps: f32) -> Tile {
  let a0 = min(row, last) * lda;
  let a1 = min(row + 1u, last) * lda;
  let a2 = min(row + 2u, last) * lda;
  let a3 = min(row + 3u, last) * lda;
  let a4 = min(row + 4u, last) * lda;
  let a5 = min(row + 5u, last) * lda;
  let a6 = min(row + 6u, last) * lda;
  let a7 = min(row + 7u, last) * lda;
  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f();
  var s4 = vec4f(); var s5 = vec4f(); var s6 = vec4f(); var s7 = vec4f();
  var t0 = vec4f(); var t1 = vec4f(); var t2 = vec4f(); var t3 = vec4f();
  var t4 = vec4f(); var t5 = vec4f(); var t6 = vec4f(); var t7 = vec4f();
  var q0 = 0.0; var q1 = 0.0; var q2 = 0.0; var q3 = 0.0;
  var q4 = 0.0; var q5 = 0.0; var q6 = 0.0; var q7 = 0.0;
  for (var k = 0u; k < inner; k++) {
    let f = b[k * ldb4 + c];
    let g = b[k * ldb4 + d];
    let v0 = a[a0 + k];
    let v1 = a[a1 + k];
    let v2 = a[a2 + k];
    let v3 = a[a3 + k];
    let v4 = a[a4 + k];
    let v5 = a[a5 + k];
    let v6 = a[a6 + k];
    let v7 = a[a7 + k];
    if (NORMALISE != 0u) {
      q0 += v0 * v0; q1 += v1 * v1; q2 += v2 * v2; q3 += v3 * v3;
      q4 += v4 * v4; q5 += v5 * v5; q6 += v6 * v6; q7 += v7 * v7;
    }
    s0 += v0 * f; t0 += v0 * g;
    s1 += v1 * f; t1 += v1 * g;
    s2 += v2 * f; t2 += v2 * g;
    s3 += v3 * f; t3 += v3 * g;
    s4 += v4 * f; t4 += v4 * g;
    s5 += v5 * f; t5 += v5 * g;
    s6 += v6 * f; t6 += v6 * g;
    s7 += v7 * f; t7 += v7 * g;
  }
  if (NORMALISE != 0u) {
    let n0 = norm_factor(q0, inner, eps);
    let n1 = norm_factor(q1, inner, eps);
    let n2 = norm_factor(q2, inner, eps);
    let n3 = norm_factor(q3, inner, eps);
    let n4 = norm_factor(q4, inner, eps);
    let n5 = norm_factor(q5, inner, eps);
    let n6 = norm_factor(q6, inner, eps);
    let n7 = norm_factor(q7, inner, eps);
    s0 *= n0; s1 *= n1; s2 *= n2; s3 *= n3; s4 *= n4; s5 *= n5; s6 *= n6; s7 *= n7;
    t0 *= n0; t1 *= n1; t2 *= n2; t3 *= n3; t4 *= n4; t5 *= n5; t6 *= n6; t7 *= n7;
  }
  return Tile(s0, s1, s2, s3, s4, s5, s6, s7, t0, t1, t2, t3, t4, t5, t6, t7);
}
// @end
