// Causal attention by streaming softmax: no T x T matrix in memory.
//   s_ij = q_i . k_j / sqrt(D) for j <= i      out_i = sum_j softmax(s_i)_j v_j      logsumexp_i = log sum_j exp s_ij
// qkv (N,ld): rows of all sequences one after the other, columns [q heads | k heads | v heads] of D each; query head h reads
// key/value head h * KV / H. items (I): (first row of the sequence, its length, first query of this block, 0).
// out (N,H*D) and logsumexp (N,H) are overwritten and saved for backward.
// One workgroup: 32 queries of 4 heads; one invocation: with SHARED = 1 four of them, LANES apart, so that a key and a value are
// loaded once for four queries (loads, not arithmetic, are what attention costs on software adapters).
// @include "lowest.wgsl"
// @include "octet.wgsl"
// @include "load_head.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
// @if WHOLE
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f>;
// @else
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
// @end
@group(0) @binding(4) var<storage, read_write> logsumexp: array<f32>;

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

struct Row { q: array<vec4f, QUADS>, acc: array<vec4f, QUADS>, highest: f32, sum: f32 }

fn load_row(q_base: u32) -> Row {
  var row: Row;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    row.q[d] = load4(q_base, d) * p.scale;
    row.acc[d] = vec4f();
  }
  row.highest = F32_LOWEST;
  row.sum = 0.0;
  return row;
}

fn add_key(row: ptr<function, Row>, k: ptr<function, array<vec4f, QUADS>>, v: ptr<function, array<vec4f, QUADS>>, seen: bool) {
  var s = 0.0;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    s += dot((*row).q[d], (*k)[d]);
  }
  // Without a branch: lanes of a software adapter take both sides anyhow.
  s = select(F32_LOWEST, s, seen);
  let top = max((*row).highest, s);
  // Everything gathered so far was relative to the old maximum. exp(0) need not be 1 to the last bit, and would add up.
  let shrink = select(1.0, exp(max((*row).highest - top, -100.0)), s > (*row).highest);
  let weight = select(0.0, exp(max(s - top, -100.0)), seen);
  (*row).highest = top;
  (*row).sum = (*row).sum * shrink + weight;
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    (*row).acc[d] = (*row).acc[d] * shrink + weight * (*v)[d];
  }
}

fn store_row(row: ptr<function, Row>, query: u32, head: u32) {
  let base = (query * p.heads + head) * HEAD_DIM;
  // @if WHOLE
  // @unroll UNROLLED
  for (var d = 0u; d < quad_count(); d++) {
    out[base / 4u + d] = (*row).acc[d] / (*row).sum;
  }
  // @else
  for (var d = 0u; d < p.head_dim; d++) {
    out[base + d] = (*row).acc[d / 4u][d % 4u] / (*row).sum;
  }
  // @end
  logsumexp[query * p.heads + head] = (*row).highest + log((*row).sum);
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
  // Up to four rows, written out: arrays of rows would be indexed at run time, which puts them into memory.
  let i0 = item.z + local.x;
  let i1 = i0 + LANES;
  let i2 = i1 + LANES;
  let i3 = i2 + LANES;
  let kv = head * p.kv_heads / p.heads;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  // Queries past the end repeat the last one and are not stored.
  var row0 = load_row((first + min(i0, last)) * p.ld + head * HEAD_DIM);
  // @if SHARED
  var row1 = load_row((first + min(i1, last)) * p.ld + head * HEAD_DIM);
  var row2 = load_row((first + min(i2, last)) * p.ld + head * HEAD_DIM);
  var row3 = load_row((first + min(i3, last)) * p.ld + head * HEAD_DIM);
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
  if (i0 <= last && wanted == head) { store_row(&row0, first + i0, head); }
  // @if SHARED
  if (i1 <= last && wanted == head) { store_row(&row1, first + i1, head); }
  if (i2 <= last && wanted == head) { store_row(&row2, first + i2, head); }
  if (i3 <= last && wanted == head) { store_row(&row3, first + i3, head); }
  // @end
}
