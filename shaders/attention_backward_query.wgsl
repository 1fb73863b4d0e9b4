// Gradient of causal attention for the queries:
//   P_ij = exp(s_ij - logsumexp_i)   dP_ij = dout_i . v_j   delta_i = dout_i . out_i   dS_ij = P_ij (dP_ij - delta_i)
//   dq_i = sum over j <= i of dS_ij k_j / sqrt(D)
// Layouts as in attention_forward; dqkv (N,ld) gets its q columns overwritten, delta (N,H) is written for
// attention_backward_key_value. With ROTATE = 1 dq is turned back through RoPE. One workgroup: 32 queries of 4 heads; one
// invocation: with SHARED = 1 four of them, LANES apart, else one.
// @include "octet.wgsl"
// @include "load_head.wgsl"
// @include "load_gradient.wgsl"
// @include "rope_gradient.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
// @if WHOLE
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> out: array<vec4f>;
@group(0) @binding(4) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<vec4f>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;
// @else
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> out: array<f32>;
@group(0) @binding(4) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;
// @end

// @if SUBGROUPS
// Two vectors that all neighbours need: quad t of both, one after the other, is loaded by invocation t % GIVERS.
fn load_pair(x_base: u32, y_base: u32, x: ptr<function, array<vec4f, QUADS>>, y: ptr<function, array<vec4f, QUADS>>) {
  var own: array<vec4f, SLOTS>;
  // @unroll SLOTS
  for (var slot = 0u; slot < SLOTS; slot++) {
    let t = min(slot * GIVERS + subgroup_lane % GIVERS, 2u * QUADS - 1u);
    own[slot] = qkv[select(y_base / 4u + t - QUADS, x_base / 4u + t, t < QUADS)];
  }
  // @unroll UNROLLED
  for (var d = 0u; d < QUADS; d++) {
    // @if QUARTETS
    (*x)[d] = quadBroadcast(own[d / 4u], d % 4u);
    (*y)[d] = quadBroadcast(own[(QUADS + d) / 4u], (QUADS + d) % 4u);
    // @else
    (*x)[d] = pass_quad(own[d / 8u], d % 8u);
    (*y)[d] = pass_quad(own[(QUADS + d) / 8u], (QUADS + d) % 8u);
    // @end
  }
}
// @end

struct Row { q: array<vec4f, QUADS>, d_out: array<vec4f, QUADS>, dq: array<vec4f, QUADS>, total: f32, lse: f32 }

fn load_row(query: u32, head: u32) -> Row {
  var row: Row;
  let q_base = query * p.ld + head * HEAD_DIM;
  let o_base = (query * p.heads + head) * HEAD_DIM;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    row.q[d] = load4(q_base, d) * p.scale;
    row.dq[d] = vec4f();
    row.d_out[d] = load_dout(o_base, d);
  }
  row.total = 0.0;
  // @if WHOLE
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    row.total += dot(row.d_out[d], out[o_base / 4u + d]);
  }
  // @else
  for (var d = 0u; d < p.head_dim; d++) {
    row.total += row.d_out[d / 4u][d % 4u] * out[o_base + d];
  }
  // @end
  row.lse = logsumexp[query * p.heads + head];
  return row;
}

fn add_key(row: ptr<function, Row>, k: ptr<function, array<vec4f, QUADS>>, v: ptr<function, array<vec4f, QUADS>>, seen: bool) {
  var s = 0.0;
  var dp = 0.0;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    s += dot((*row).q[d], (*k)[d]);
    dp += dot((*row).d_out[d], (*v)[d]);
  }
  let weight = select(0.0, exp(clamp(s - (*row).lse, -100.0, 1.0)), seen);
  let ds = weight * (dp - (*row).total);
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    (*row).dq[d] += ds * (*k)[d];
  }
}

fn store_row(row: ptr<function, Row>, first: u32, i: u32, head: u32) {
  let base = (first + i) * p.ld + head * HEAD_DIM;
  if (ROTATE != 0u) {
    for (var d = 0u; d < quad_count() / 2u; d++) {
      store_turned(base, i, d, (*row).dq[d] * p.scale, (*row).dq[d + quad_count() / 2u] * p.scale);
    }
  } else {
    // @unroll UNROLLED
    for (var d = 0u; d < quad_count(); d++) {
      store_gradient(base, d, (*row).dq[d] * p.scale);
    }
  }
  delta[(first + i) * p.heads + head] = (*row).total;
}

// Of one dimension, as naga wants it where subgroups are.
@compute @workgroup_size(4 * LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(local_invocation_index) index: u32,
  // @if SUBGROUPS
  @builtin(subgroup_invocation_id) subgroup: u32,
  // @end
) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  // @if SUBGROUPS
  subgroup_lane = subgroup;
  // @end
  let local = vec2u(index % LANES, index / LANES);
  let item = items[group.x];
  let wanted = group.y * 4u + local.y;
  // @if SUBGROUPS
  let head = min(wanted, p.heads - 1u);
  // @else
  let head = wanted;
  if (head >= p.heads) { return; }
  // @end
  let first = item.x;
  let last = item.y - 1u;
  let i0 = item.z + local.x;
  let i1 = i0 + LANES;
  let i2 = i1 + LANES;
  let i3 = i2 + LANES;
  let kv = head * p.kv_heads / p.heads;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  var row0 = load_row(first + min(i0, last), head);
  // @if SHARED
  var row1 = load_row(first + min(i1, last), head);
  var row2 = load_row(first + min(i2, last), head);
  var row3 = load_row(first + min(i3, last), head);
  // @end
  let end = min(item.z + 31u, last);
  for (var j = 0u; j <= end; j++) {
    let base = (first + j) * p.ld;
    var k: array<vec4f, QUADS>;
    var v: array<vec4f, QUADS>;
    // @if SUBGROUPS
    load_pair(base + k_col, base + v_col, &k, &v);
    // @else
    // @unroll UNROLLED
    for (var d = 0u; d < quad_count(); d++) {
      k[d] = load4(base + k_col, d);
      v[d] = load4(base + v_col, d);
    }
    // @end
    add_key(&row0, &k, &v, j <= i0);
    // @if SHARED
    add_key(&row1, &k, &v, j <= i1);
    add_key(&row2, &k, &v, j <= i2);
    add_key(&row3, &k, &v, j <= i3);
    // @end
  }
  if (i0 <= last && wanted == head) { store_row(&row0, first, i0, head); }
  // @if SHARED
  if (i1 <= last && wanted == head) { store_row(&row1, first, i1, head); }
  if (i2 <= last && wanted == head) { store_row(&row2, first, i2, head); }
  if (i3 <= last && wanted == head) { store_row(&row3, first, i3, head); }
  // @end
}
