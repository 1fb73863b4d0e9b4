// Gradient of causal attention for keys and values, summed over the query heads that share them:
//   dk_j = sum over h, i >= j of dS_ij q_i / sqrt(D)      dv_j = sum over h, i >= j of P_ij dout_i
// Layouts as in attention_forward; delta (N,H) comes from attention_backward_query; dqkv (N,ld) gets its k and v columns
// overwritten. With ROTATE = 1 dk is turned back through RoPE. One workgroup: 32 keys of 4 key/value heads; one invocation:
// with SHARED = 1 four of them, LANES apart, else one. Sums run over heads, then queries, in ascending order.
// @include "octet.wgsl"
// @include "load_head.wgsl"
// @include "load_gradient.wgsl"
// @include "rope_gradient.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
// @if WHOLE
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(4) var<storage, read> dout: array<vec4f>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<vec4f>;
// @else
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(4) var<storage, read> dout: array<f32>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<f32>;
// @end

// @if SUBGROUPS
// Two vectors that all neighbours need: quad t of both, one after the other, is loaded by invocation t % GIVERS.
fn load_pair(x_base: u32, y_base: u32, x: ptr<function, array<vec4f, QUADS>>, y: ptr<function, array<vec4f, QUADS>>) {
  var own: array<vec4f, SLOTS>;
  // @unroll SLOTS
  for (var slot = 0u; slot < SLOTS; slot++) {
    let t = min(slot * GIVERS + subgroup_lane % GIVERS, 2u * QUADS - 1u);
    if (t < QUADS) {
      own[slot] = qkv[x_base / 4u + t];
    } else {
      own[slot] = dout[y_base / 4u + t - QUADS];
    }
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

struct Row { k: array<vec4f, QUADS>, v: array<vec4f, QUADS>, dk: array<vec4f, QUADS>, dv: array<vec4f, QUADS> }

fn load_row(base: u32, k_col: u32, v_col: u32) -> Row {
  var row: Row;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    row.k[d] = load4(base + k_col, d) * p.scale;
    row.v[d] = load4(base + v_col, d);
    row.dk[d] = vec4f();
    row.dv[d] = vec4f();
  }
  return row;
}

fn add_query(row: ptr<function, Row>, q: ptr<function, array<vec4f, QUADS>>, d_out: ptr<function, array<vec4f, QUADS>>, lse: f32, total: f32, seen: bool) {
  var s = 0.0;
  var dp = 0.0;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    s += dot((*row).k[d], (*q)[d]);
    dp += dot((*row).v[d], (*d_out)[d]);
  }
  let weight = select(0.0, exp(clamp(s - lse, -100.0, 1.0)), seen);
  let ds = weight * (dp - total);
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    (*row).dv[d] += weight * (*d_out)[d];
    (*row).dk[d] += ds * (*q)[d];
  }
}

fn store_row(row: ptr<function, Row>, base: u32, key: u32, k_col: u32, v_col: u32) {
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    if (ROTATE == 0u) { store_gradient(base + k_col, d, (*row).dk[d] * p.scale); }
    store_gradient(base + v_col, d, (*row).dv[d]);
  }
  if (ROTATE != 0u) {
    for (var d = 0u; d < quad_count() / 2u; d++) {
      store_turned(base + k_col, key, d, (*row).dk[d] * p.scale, (*row).dk[d + quad_count() / 2u] * p.scale);
    }
  }
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
  let kv = min(wanted, p.kv_heads - 1u);
  // @else
  let kv = wanted;
  if (kv >= p.kv_heads) { return; }
  // @end
  let first = item.x;
  let last = item.y - 1u;
  let j0 = item.z + local.x;
  let j1 = j0 + LANES;
  let j2 = j1 + LANES;
  let j3 = j2 + LANES;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  var row0 = load_row((first + min(j0, last)) * p.ld, k_col, v_col);
  // @if SHARED
  var row1 = load_row((first + min(j1, last)) * p.ld, k_col, v_col);
  var row2 = load_row((first + min(j2, last)) * p.ld, k_col, v_col);
  var row3 = load_row((first + min(j3, last)) * p.ld, k_col, v_col);
  // @end
  let share = p.heads / p.kv_heads;
  for (var s = 0u; s < share; s++) {
    let h = kv * share + s;
    for (var i = item.z; i <= last; i++) {
      let q_base = (first + i) * p.ld + h * HEAD_DIM;
      let at = (first + i) * p.heads + h;
      var q: array<vec4f, QUADS>;
      var d_out: array<vec4f, QUADS>;
      // @if SUBGROUPS
      load_pair(q_base, at * HEAD_DIM, &q, &d_out);
      // @else
      // @unroll UNROLLED
      for (var d = 0u; d < quad_count(); d++) {
        q[d] = load4(q_base, d);
        d_out[d] = load_dout(at * HEAD_DIM, d);
      }
      // @end
      let lse = logsumexp[at];
      let total = delta[at];
      add_query(&row0, &q, &d_out, lse, total, i >= j0);
      // @if SHARED
      add_query(&row1, &q, &d_out, lse, total, i >= j1);
      add_query(&row2, &q, &d_out, lse, total, i >= j2);
      add_query(&row3, &q, &d_out, lse, total, i >= j3);
      // @end
    }
  }
  if (j0 <= last && wanted == kv) { store_row(&row0, (first + j0) * p.ld, j0, k_col, v_col); }
  // @if SHARED
  if (j1 <= last && wanted == kv) { store_row(&row1, (first + j1) * p.ld, j1, k_col, v_col); }
  if (j2 <= last && wanted == kv) { store_row(&row2, (first + j2) * p.ld, j2, k_col, v_col); }
  if (j3 <= last && wanted == kv) { store_row(&row3, (first + j3) * p.ld, j3, k_col, v_col); }
  // @end
}
