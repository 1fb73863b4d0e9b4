// One token of each active row through the whole decoder, for GPUs: logits (n,ld) of the tokens `inputs`, their keys and values into
// the caches (L,B,T,2*KV*D). What embedding_forward, decode_qkv, attention_decode, linear_forward and linear_swiglu do in 5 L + 2
// dispatches, by the same sums in the same order as their cooperative forms, so with the same bits.
// active_rows, lengths, table as in decode_qkv; weights: what transpose_weights wrote, whose matrices of a layer stand layer_weights
// quads behind those of the one before, the first with that of q, k and v. One workgroup: ROWS rows, none of which meets another.
// In a product invocation (slice, quad) sums the inner indices slice, slice + SLICES, .. of a quad of columns, and slices are added in
// ascending order (tile_cooperative.wgsl); in attention 64 invocations are a team (attend.wgsl).
// @include "norm_factor.wgsl"
// @include "attend.wgsl"
// @include "turn.wgsl"

struct Params {
  rows: u32, layers: u32, width: u32, heads: u32, kv_heads: u32, vocab: u32, ld: u32, positions: u32,
  layer_weights: u32, out_weights: u32, gate_up_weights: u32, down_weights: u32, head_weights: u32, layer_cache: u32,
  scale: f32, eps: f32
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> embedding: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
@group(0) @binding(3) var<storage, read> table: array<vec4f>;
@group(0) @binding(4) var<storage, read> active_rows: array<u32>;
@group(0) @binding(5) var<storage, read> inputs: array<u32>;
@group(0) @binding(6) var<storage, read> lengths: array<u32>;
@group(0) @binding(7) var<storage, read_write> cache: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> logits: array<vec4f>;

const GROUP: u32 = 256u;
const TEAMS: u32 = GROUP / 64u;
const SLICES: u32 = 8u;
// Quads of columns, and tiles of two quads, of one pass of a product.
const PASS_QUADS: u32 = GROUP / SLICES;
const PASS_TILES: u32 = PASS_QUADS / 2u;

// Where the numbers of a row stand: the residual stream, the same behind attention, q and then what attention gives, the mlp's.
const MIDDLE: u32 = WIDTH;
const QUERY: u32 = 2u * WIDTH;
const HIDDEN: u32 = 2u * WIDTH + ATTENDED;
const STRIDE: u32 = 2u * WIDTH + ATTENDED + FFN;

var<workgroup> numbers: array<f32, ROWS * STRIDE>;
// [row][slice][quad] of a product.
var<workgroup> parts: array<vec4f, ROWS * GROUP>;
var<workgroup> squares: array<f32, ROWS * SLICES>;

fn query4(source: u32, quad: u32) -> vec4f {
  let at = source + 4u * quad;
  return vec4f(numbers[at], numbers[at + 1u], numbers[at + 2u], numbers[at + 3u]);
}

fn load4(base: u32, quad: u32) -> vec4f {
  return cache[base / 4u + quad];
}

fn store4(at: u32, value: vec4f) {
  numbers[at] = value.x;
  numbers[at + 1u] = value.y;
  numbers[at + 2u] = value.z;
  numbers[at + 3u] = value.w;
}

// A product of `inner` numbers at `source` with the matrix at quad `matrix`.
struct Product { source: u32, inner: u32, matrix: u32, tiles: u32 }

// Four of a layer, then that of the logits. The even ones are normalised.
const QKV: u32 = 0u;
const OUT: u32 = 1u;
const GATE_UP: u32 = 2u;
const DOWN: u32 = 3u;
const LOGITS: u32 = 4u;

fn product_of(kind: u32, layer: u32) -> Product {
  let matrices = layer * p.layer_weights;
  let width_tiles = (p.width + 7u) / 8u;
  switch (kind) {
    case QKV: { return Product(0u, p.width, matrices, (p.heads + 2u * p.kv_heads) * HEAD_DIM / 8u); }
    case OUT: { return Product(QUERY, p.heads * HEAD_DIM, matrices + p.out_weights, width_tiles); }
    case GATE_UP: { return Product(MIDDLE, p.width, matrices + p.gate_up_weights, FFN / 4u); }
    case DOWN: { return Product(HIDDEN, FFN, matrices + p.down_weights, width_tiles); }
    default: { return Product(0u, p.width, p.head_weights, (p.vocab + 7u) / 8u); }
  }
}

// The slices of PASS_TILES tiles from tile `first` on; and, in front of the first tiles of a normalised product, those of the squares.
// Ends with a barrier; what the caller then reads of `parts` the next call overwrites behind its first.
fn multiply(lane: u32, product: Product, first: u32, normalise: bool) {
  let slice = lane / PASS_QUADS;
  let column = min(2u * first + lane % PASS_QUADS, 2u * product.tiles - 1u);
  var sums: array<vec4f, ROWS>;
  // @unroll ROWS
  for (var r = 0u; r < ROWS; r++) {
    sums[r] = vec4f();
  }
  for (var k = slice; k < product.inner; k += SLICES) {
    let w = weights[product.matrix + k * 2u * product.tiles + column];
    // @unroll ROWS
    for (var r = 0u; r < ROWS; r++) {
      sums[r] += numbers[r * STRIDE + product.source + k] * w;
    }
  }
  workgroupBarrier();
  // @unroll ROWS
  for (var r = 0u; r < ROWS; r++) {
    parts[r * GROUP + lane] = sums[r];
  }
  if (normalise && first == 0u && lane < ROWS * SLICES) {
    let base = lane / SLICES * STRIDE + product.source;
    var sum = 0.0;
    for (var k = lane % SLICES; k < product.inner; k += SLICES) {
      let v = numbers[base + k];
      sum += v * v;
    }
    squares[lane] = sum;
  }
  workgroupBarrier();
}

// Of a row and a quad of the pass.
fn sum_of_slices(row: u32, quad: u32) -> vec4f {
  var sum = vec4f();
  for (var slice = 0u; slice < SLICES; slice++) {
    sum += parts[row * GROUP + slice * PASS_QUADS + quad];
  }
  return sum;
}

fn row_factor(row: u32) -> f32 {
  var sum = 0.0;
  for (var slice = 0u; slice < SLICES; slice++) {
    sum += squares[row * SLICES + slice];
  }
  return norm_factor(sum, p.width, p.eps);
}

// Columns col .. col + 7 of a row of the residual stream: those at `before` with what a product adds.
fn store_sum(at: u32, before: u32, col: u32, s: vec4f, t: vec4f) {
  store4(at + col, s + query4(before + col, 0u));
  if (col + 4u < p.width) { store4(at + col + 4u, t + query4(before + col, 1u)); }
}

// u and v: 4 coordinates of a head of q, k or v, and those half a head behind, of token n.
fn store_qkv(n: u32, row: u32, j: u32, cache_base: u32, u: vec4f, v: vec4f) {
  let half_dim = HEAD_DIM / 2u;
  let head = j / (half_dim / 4u);
  let i = j % (half_dim / 4u) * 4u;
  let position = lengths[n] - 1u;
  var turn = Turn(vec4f(1.0), vec4f());
  if (head < p.heads + p.kv_heads) { turn = turn_at((position * half_dim + i) / 2u); }
  let low = u * turn.cosine - v * turn.sine;
  let high = v * turn.cosine + u * turn.sine;
  if (head < p.heads) {
    let at = row * STRIDE + QUERY + head * HEAD_DIM + i;
    store4(at, low * p.scale);
    store4(at + half_dim, high * p.scale);
  } else {
    let width = 2u * p.kv_heads * HEAD_DIM;
    let at = cache_base + (active_rows[64u + n] * p.positions + position) * width + (head - p.heads) * HEAD_DIM + i;
    cache[at / 4u] = low;
    cache[(at + half_dim) / 4u] = high;
  }
}

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let count = min(p.rows, active_rows[0]);
  let start = group.x * ROWS;
  if (start >= count) { return; }
  // Rows past the last repeat it, and store nothing.
  let last = count - 1u;
  var longest = 0u;
  for (var r = 0u; r < ROWS; r++) {
    longest = max(longest, lengths[min(start + r, last)]);
  }
  // Which tile of which row this invocation adds up and stores.
  let row = min(lane / PASS_TILES, ROWS - 1u);
  let tile = lane % PASS_TILES;
  let n = start + row;
  let stores = lane < ROWS * PASS_TILES && n < count;
  let own = row * STRIDE;

  for (var e = lane; e < ROWS * p.width; e += GROUP) {
    let token = inputs[min(start + e / p.width, last)];
    numbers[e / p.width * STRIDE + e % p.width] = embedding[token * p.width + e % p.width];
  }
  workgroupBarrier();

  // One loop for all products, so that a compiler meets each piece of code once.
  for (var stage = 0u; stage <= 4u * p.layers; stage++) {
    let kind = select(stage % 4u, LOGITS, stage == 4u * p.layers);
    let cache_base = stage / 4u * p.layer_cache;
    if (kind == OUT) {
      // Keys and values of these tokens are in the cache.
      storageBarrier();
      for (var first = 0u; first < ROWS * p.heads; first += TEAMS) {
        let pair = first + lane / 64u;
        let r = min(pair / p.heads, ROWS - 1u);
        let head = pair % p.heads;
        let m = min(start + r, last);
        let width = 2u * p.kv_heads * HEAD_DIM;
        let keys = cache_base + active_rows[64u + m] * p.positions * width + head * p.kv_heads / p.heads * HEAD_DIM;
        let query = r * STRIDE + QUERY + head * HEAD_DIM;
        let value = attend(lane / 64u, lane % 64u, query, keys, keys + p.kv_heads * HEAD_DIM, width, lengths[m], longest);
        if (pair < ROWS * p.heads && lane % 64u < QUADS) { store4(query + 4u * (lane % 64u), value); }
      }
      workgroupBarrier();
    }
    let normalise = kind % 2u == 0u;
    let product = product_of(kind, stage / 4u);
    for (var first = 0u; first < product.tiles; first += PASS_TILES) {
      multiply(lane, product, first, normalise);
      let j = first + tile;
      if (stores && j < product.tiles) {
        let factor = select(1.0, row_factor(row), normalise);
        let s = sum_of_slices(row, 2u * tile) * factor;
        let t = sum_of_slices(row, 2u * tile + 1u) * factor;
        switch (kind) {
          case QKV: { store_qkv(n, row, j, cache_base, s, t); }
          case OUT: { store_sum(own + MIDDLE, own, 8u * j, s, t); }
          case GATE_UP: { store4(own + HIDDEN + 4u * j, s / (1.0 + exp(min(-s, vec4f(80.0)))) * t); }
          case DOWN: { store_sum(own, own + MIDDLE, 8u * j, s, t); }
          default: {
            let at = (n * p.ld + 8u * j) / 4u;
            logits[at] = s;
            if (8u * j + 4u < p.vocab) { logits[at + 1u] = t; }
          }
        }
      }
    }
    workgroupBarrier();
  }
}
