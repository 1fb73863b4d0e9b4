// attention_decode for GPUs; layouts stand there. One workgroup: one head of one active row. Against every 64 keys of its cache each
// invocation finds one score; then invocation l sums quad l % QUADS of the values of every (64 / QUADS)-th key. No invocation holds a
// whole vector, and the keys of a row are not walked one by one.
// @include "lowest.wgsl"

struct Params { rows: u32, heads: u32, kv_heads: u32, positions: u32, scale: f32, head_dim: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> lengths: array<u32>;
// @if WHOLE
@group(0) @binding(3) var<storage, read> q: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> out: array<vec4f>;

fn load_query(base: u32, quad: u32) -> vec4f {
  return q[base / 4u + quad];
}
// @else
@group(0) @binding(3) var<storage, read> q: array<f32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;

fn load_query(base: u32, quad: u32) -> vec4f {
  var value = vec4f();
  for (var e = 0u; e < min(4u, HEAD_DIM - quad * 4u); e++) {
    value[e] = q[base + quad * 4u + e];
  }
  return value;
}
// @end

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
  var value = vec4f();
  for (var e = 0u; e < min(4u, HEAD_DIM - quad * 4u); e++) {
    value[e] = cache[base + quad * 4u + e];
  }
  return value;
}
// @end

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;
const SLICES: u32 = 64u / QUADS;

var<workgroup> query: array<vec4f, QUADS>;
var<workgroup> scores: array<f32, 64>;
var<workgroup> parts: array<vec4f, 64>;
var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = group.x;
  let head = group.y;
  if (n >= min(p.rows, active_rows[0])) { return; }
  let kv = head * p.kv_heads / p.heads;
  let width = 2u * p.kv_heads * HEAD_DIM;
  let keys = active_rows[64u + n] * p.positions * width + kv * HEAD_DIM;
  let values = keys + p.kv_heads * HEAD_DIM;
  let q_base = (n * p.heads + head) * HEAD_DIM;
  let slice = lane / QUADS;
  let quad = lane % QUADS;
  if (lane < QUADS) { query[lane] = load_query(q_base, lane) * p.scale; }
  var acc = vec4f();
  var sum = 0.0;
  var highest = F32_LOWEST;
  let end = lengths[n];
  for (var block = 0u; block < end; block += 64u) {
    let count = min(64u, end - block);
    workgroupBarrier();
    if (lane < count) {
      let base = keys + (block + lane) * width;
      var s = 0.0;
      for (var d = 0u; d < QUADS; d++) {
        s += dot(query[d], load4(base, d));
      }
      scores[lane] = s;
    }
    workgroupBarrier();
    var top = highest;
    for (var key = 0u; key < count; key++) {
      top = max(top, scores[key]);
    }
    // exp(0) need not be 1 to the last bit, and would add up.
    let shrink = select(exp(max(highest - top, -100.0)), 1.0, highest == top);
    highest = top;
    acc *= shrink;
    sum *= shrink;
    for (var key = slice; key < count; key += SLICES) {
      let weight = exp(max(scores[key] - top, -100.0));
      sum += weight;
      acc += weight * load4(values + (block + key) * width, quad);
    }
  }
  parts[lane] = acc;
  sums[lane] = sum;
  workgroupBarrier();
  if (lane >= QUADS) { return; }
  acc = vec4f();
  sum = 0.0;
  for (var s = 0u; s < SLICES; s++) {
    acc += parts[s * QUADS + lane];
    sum += sums[s * QUADS + lane];
  }
  let value = acc / max(sum, 1e-30);
  // @if WHOLE
  out[q_base / 4u + lane] = value;
  // @else
  for (var e = 0u; e < min(4u, HEAD_DIM - lane * 4u); e++) {
    out[q_base + lane * 4u + e] = value[e];
  }
  // @end
}
