// Decoding: q, k, v = rmsnorm(x) W^T of one new token per active row, q and k turned by RoPE; q goes to q (N,H*D), k and v into
// the row's place of the cache (B,T,2*KV*D) = [keys | values] per position. The gain of the norm stands in the weights.
// active_rows: the count (first 64 words), then the row of each active entry; lengths (N): the token stands at lengths[n] - 1.
// HALF_CACHE = 1 stores the cache in 16-bit floats. x (N,C); b, table, rotation and WHOLE as in linear_rope. One invocation: a tile (tile.wgsl) of 4 pairs of coordinates.
// @include "tile_main.wgsl"

struct Params { rows: u32, inner: u32, tiles: u32, half_dim: u32, heads: u32, kv_heads: u32, positions: u32, eps: f32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read> active_rows: array<u32>;
@group(0) @binding(4) var<storage, read> lengths: array<u32>;
// @if WHOLE
// @include "turn.wgsl"
@group(0) @binding(5) var<storage, read> table: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> q: array<vec4f>;
// @else
@group(0) @binding(5) var<storage, read> table: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> q: array<f32>;
// @end
// @if WHOLE_CACHE
@group(0) @binding(7) var<storage, read_write> cache: array<vec4f>;

fn store_cache(at: u32, value: vec4f) {
  cache[at / 4u] = value;
}
// @end
// @if HALF_CACHE
enable f16;
@group(0) @binding(7) var<storage, read_write> cache: array<vec4h>;

fn store_cache(at: u32, value: vec4f) {
  cache[at / 4u] = vec4h(value);
}
// @end
// @if ODD_CACHE
@group(0) @binding(7) var<storage, read_write> cache: array<f32>;
// @end

fn row_count() -> u32 {
  return min(p.rows, active_rows[0]);
}

fn store_tile(row: u32, rows: u32, j: u32, u: vec4f, v: vec4f) {
  let quads = (p.half_dim + 3u) / 4u;
  let head = j / quads;
  let i = j % quads * 4u;
  if (row >= rows || head >= p.heads + 2u * p.kv_heads) { return; }
  let position = lengths[row] - 1u;
  let width = 2u * p.kv_heads * 2u * p.half_dim;
  // @if WHOLE
  var turn = Turn(vec4f(1.0), vec4f());
  if (head < p.heads + p.kv_heads) { turn = turn_at((position * p.half_dim + i) / 2u); }
  let low = u * turn.cosine - v * turn.sine;
  let high = v * turn.cosine + u * turn.sine;
  if (head < p.heads) {
    let at = (row * p.heads + head) * 2u * p.half_dim + i;
    q[at / 4u] = low;
    q[(at + p.half_dim) / 4u] = high;
  } else {
    let at = (active_rows[64u + row] * p.positions + position) * width + (head - p.heads) * 2u * p.half_dim + i;
    store_cache(at, low);
    store_cache(at + p.half_dim, high);
  }
  // @else
  for (var e = 0u; e < 4u; e++) {
    if (i + e >= p.half_dim) { break; }
    var turn = vec2f(1.0, 0.0);
    if (head < p.heads + p.kv_heads) { turn = table[position * p.half_dim + i + e]; }
    let low = u[e] * turn.x - v[e] * turn.y;
    let high = v[e] * turn.x + u[e] * turn.y;
    if (head < p.heads) {
      let at = (row * p.heads + head) * 2u * p.half_dim + i + e;
      q[at] = low;
      q[at + p.half_dim] = high;
    } else {
      let at = (active_rows[64u + row] * p.positions + position) * width + (head - p.heads) * 2u * p.half_dim + i + e;
      cache[at] = low;
      cache[at + p.half_dim] = high;
    }
  }
  // @end
}
