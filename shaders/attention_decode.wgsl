// Attention of one new token per active row over the row's key/value cache, by streaming softmax.
// active_rows: the count (first 64 words), then the row of each active entry; lengths (n): how many cached keys it sees, its own included.
// q (N,H*D) already rotated, cache (B,T,2*KV*D) = [keys | values] per position, out (N,H*D) overwritten.
// HALF_CACHE = 1: the cache holds 16-bit floats; sums stay in 32. One invocation: one head of one active row, in attention_forward's order of
// operations. With COOPERATIVE = 1 a workgroup has that head: lane l takes the keys l, l + LANES, ..., and what each gathered is brought to
// one maximum and added lane by lane.
// @include "lowest.wgsl"

struct Params { rows: u32, heads: u32, kv_heads: u32, positions: u32, scale: f32, head_dim: u32 }
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

struct State { query: array<vec4f, QUADS>, acc: array<vec4f, QUADS>, highest: f32, sum: f32 }

// Loops over the quads of the usual heads unroll; those of wide or odd ones must not (a software adapter compiles them for minutes).
fn dim_count() -> u32 {
  return select(p.head_dim, HEAD_DIM, HEAD_DIM <= 32u && HEAD_DIM % 4u == 0u);
}

fn quad_count() -> u32 {
  return (dim_count() + 3u) / 4u;
}

// The keys first, first + step, ... of the head's cache against its query.
fn gather(n: u32, head: u32, first: u32, step: u32) -> State {
  let quads = quad_count();
  let kv = head * p.kv_heads / p.heads;
  let width = 2u * p.kv_heads * HEAD_DIM;
  let k_col = kv * HEAD_DIM;
  let v_col = (p.kv_heads + kv) * HEAD_DIM;
  let start = active_rows[64u + n] * p.positions * width;
  let q_base = (n * p.heads + head) * HEAD_DIM;
  var state: State;
  for (var d = 0u; d < quads; d++) {
    state.query[d] = vec4f();
    state.acc[d] = vec4f();
  }
  // @if WHOLE
  for (var d = 0u; d < quads; d++) {
    state.query[d] = q[q_base / 4u + d] * p.scale;
  }
  // @else
  for (var d = 0u; d < dim_count(); d++) {
    state.query[d / 4u][d % 4u] = q[q_base + d] * p.scale;
  }
  // @end
  state.highest = F32_LOWEST;
  state.sum = 0.0;
  let end = lengths[n];
  for (var j = first; j < end; j += step) {
    let row = start + j * width;
    var s = 0.0;
    for (var d = 0u; d < quads; d++) {
      s += dot(state.query[d], load4(row + k_col, d));
    }
    let top = max(state.highest, s);
    let shrink = select(1.0, exp(max(state.highest - top, -100.0)), s > state.highest);
    let weight = exp(max(s - top, -100.0));
    state.highest = top;
    state.sum = state.sum * shrink + weight;
    for (var d = 0u; d < quads; d++) {
      state.acc[d] = state.acc[d] * shrink + weight * load4(row + v_col, d);
    }
  }
  return state;
}

fn store_quad(base: u32, quad: u32, value: vec4f) {
  // @if WHOLE
  out[base / 4u + quad] = value;
  // @else
  for (var e = 0u; e < min(4u, p.head_dim - quad * 4u); e++) {
    out[base + quad * 4u + e] = value[e];
  }
  // @end
}

// @if COOPERATIVE
// A quad of padding a row: lanes that store and lanes that add then meet different banks.
const STRIDE: u32 = LANES + 1u;
var<workgroup> highest_of: array<f32, LANES>;
var<workgroup> sum_of: array<f32, LANES>;
var<workgroup> acc_of: array<vec4f, QUADS * STRIDE>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = group.x;
  if (n >= min(p.rows, active_rows[0])) { return; }
  var state = gather(n, group.y, lane, LANES);
  highest_of[lane] = state.highest;
  workgroupBarrier();
  var top = F32_LOWEST;
  for (var l = 0u; l < LANES; l++) {
    top = max(top, highest_of[l]);
  }
  // A lane without a key has gathered nothing. exp(0) need not be 1 to the last bit.
  let factor = select(exp(max(state.highest - top, -100.0)), 1.0, state.highest == top);
  sum_of[lane] = state.sum * factor;
  for (var d = 0u; d < quad_count(); d++) {
    acc_of[d * STRIDE + lane] = state.acc[d] * factor;
  }
  workgroupBarrier();
  for (var quad = lane; quad < quad_count(); quad += LANES) {
    var sum = 0.0;
    var acc = vec4f();
    for (var l = 0u; l < LANES; l++) {
      sum += sum_of[l];
      acc += acc_of[quad * STRIDE + l];
    }
    store_quad((n * p.heads + group.y) * HEAD_DIM, quad, acc / max(sum, 1e-30));
  }
}
// @else
@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  let head = id.y;
  if (n >= min(p.rows, active_rows[0]) || head >= p.heads) { return; }
  var state = gather(n, head, 0u, 1u);
  for (var d = 0u; d < quad_count(); d++) {
    store_quad((n * p.heads + head) * HEAD_DIM, d, state.acc[d] / max(state.sum, 1e-30));
  }
}
// @end
