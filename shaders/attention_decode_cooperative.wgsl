// attention_decode for GPUs; layouts stand there. One workgroup: one head of one active row (attend.wgsl).
// @include "attend.wgsl"

struct Params { rows: u32, heads: u32, kv_heads: u32, positions: u32, scale: f32, head_dim: u32, first_group: u32 }
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

const TEAMS: u32 = 1u;

var<workgroup> query: array<vec4f, QUADS>;
var<workgroup> parts: array<vec4f, 64>;

fn query4(source: u32, quad: u32) -> vec4f {
  return query[source + quad];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let n = group.x;
  let head = group.y;
  if (n >= min(p.rows, active_rows[0])) { return; }
  let kv = head * p.kv_heads / p.heads;
  let width = 2u * p.kv_heads * HEAD_DIM;
  let keys = active_rows[64u + n] * p.positions * width + kv * HEAD_DIM;
  let values = keys + p.kv_heads * HEAD_DIM;
  let q_base = (n * p.heads + head) * HEAD_DIM;
  if (lane < QUADS) { query[lane] = load_query(q_base, lane) * p.scale; }
  let value = attend(0u, lane, 0u, keys, values, width, lengths[n], lengths[n]);
  if (lane >= QUADS) { return; }
  // @if WHOLE
  out[q_base / 4u + lane] = value;
  // @else
  for (var e = 0u; e < min(4u, HEAD_DIM - lane * 4u); e++) {
    out[q_base + lane * 4u + e] = value[e];
  }
  // @end
}
