// Attention of one new token per active row over the row's key/value cache, by streaming softmax.
// active_rows: the count (first 64 words), then the row of each active entry; lengths (n): how many cached keys it sees, its own included.
// q (N,H*D) already rotated, cache (B,T,2*KV*D) = [keys | values] per position, out (N,H*D) overwritten.
// HALF_CACHE = 1: the cache holds 16-bit floats; sums stay in 32. One invocation: one head of one active row. Same order of operations as attention_forward.
// @include "lowest.wgsl"

struct Params { rows: u32, heads: u32, kv_heads: u32, positions: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> lengths: array<u32>;
// @if WHOLE
@group(0) @binding(3) var<storage, read> q: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> out: array<vec4f>;
// @else
@group(0) @binding(3) var<storage, read> q: array<f32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;
// @end

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;

// @if WHOLE_CACHE
@group(0) @binding(4) var<storage, read> cache: array<vec4f>;

fn load4(base: u32, quad: u32) -> vec4f {
  return cache[base / 4u + quad];
}
// @end
// @if HALF_CACHE
enable f16;
@group(0) @binding(4) var<storage, read> cache: array<vec4h>;

fn load4(base: u32, quad: u32) -> vec4f {
  return vec4f(cache[base / 4u + quad]);
}
// @end
// @if ODD_CACHE
@group(0) @binding(4) var<storage, read> cache: array<f32>;

fn load4(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  let left = HEAD_DIM - quad * 4u;
  return vec4f(cache[at], select(0.0, cache[at + 1u], left > 1u), select(0.0, cache[at + 2u], left > 2u), select(0.0, cache[at + 3u], left > 3u));
}
// @end

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // Loops of the usual heads unroll; those of wide or odd ones must not (a software adapter compiles them for minutes).
  let dims = select(p.head_dim, HEAD_DIM, HEAD_DIM <= 32u && HEAD_DIM % 4u == 0u);
  let quads = (dims + 3u) / 4u;
  let n = id.x + p.first_group * 8u;
  let head = id.y;
  if (n >= min(p.rows, active_rows[0]) || head >= p.heads) { return; }
  let kv = head * p.kv_heads / p.heads;
  let width = 2u * p.kv_heads * HEAD_DIM;
  let k_col = kv * HEAD_DIM;
  let v_col = (p.kv_heads + kv) * HEAD_DIM;
  let start = active_rows[64u + n] * p.positions * width;
  var query: array<vec4f, QUADS>;
  var acc: array<vec4f, QUADS>;
  let q_base = (n * p.heads + head) * HEAD_DIM;
  // @unroll UNROLLED
  for (var d = 0u; d < quads; d++) {
    query[d] = vec4f();
    acc[d] = vec4f();
  }
  // @if WHOLE
  // @unroll UNROLLED
  for (var d = 0u; d < quads; d++) {
    query[d] = q[q_base / 4u + d] * p.scale;
  }
  // @else
  for (var d = 0u; d < dims; d++) {
    query[d / 4u][d % 4u] = q[q_base + d] * p.scale;
  }
  // @end
  var highest = F32_LOWEST;
  var sum = 0.0;
  let end = lengths[n];
  for (var j = 0u; j < end; j++) {
    let row = start + j * width;
    var s = 0.0;
    // @unroll UNROLLED
    for (var d = 0u; d < quads; d++) {
      s += dot(query[d], load4(row + k_col, d));
    }
    let top = max(highest, s);
    let shrink = select(1.0, exp(max(highest - top, -100.0)), s > highest);
    let weight = exp(max(s - top, -100.0));
    highest = top;
    sum = sum * shrink + weight;
    // @unroll UNROLLED
    for (var d = 0u; d < quads; d++) {
      acc[d] = acc[d] * shrink + weight * load4(row + v_col, d);
    }
  }
  // @if WHOLE
  // @unroll UNROLLED
  for (var d = 0u; d < quads; d++) {
    out[q_base / 4u + d] = acc[d] / max(sum, 1e-30);
  }
  // @else
  for (var d = 0u; d < dims; d++) {
    out[q_base + d] = acc[d / 4u][d % 4u] / max(sum, 1e-30);
  }
  // @end
}
