// Gradient of causal attention for the queries:
//   P_ij = exp(s_ij - logsumexp_i)   dP_ij = dout_i . v_j   delta_i = dout_i . out_i   dS_ij = P_ij (dP_ij - delta_i)
//   dq_i = sum over j <= i of dS_ij k_j / sqrt(D)
// Layouts as in attention_forward; dqkv (N,ld) gets its q columns overwritten, delta (N,H) is written for
// attention_backward_key_value. With ROTATE = 1 dq is turned back through RoPE. One workgroup: 32 queries of 4 heads; one
// invocation: PER_LANE of them.
// @include "load_head.wgsl"
// @include "load_gradient.wgsl"
// @include "rope_gradient.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32 }
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

@compute @workgroup_size(LANES, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // Loops of the usual heads unroll; those of wide or odd ones must not (a software adapter compiles them for minutes).
  let dims = select(p.head_dim, HEAD_DIM, HEAD_DIM <= 32u && HEAD_DIM % 4u == 0u);
  let quads = (dims + 3u) / 4u;
  let item = items[group.x];
  let head = group.y * 4u + local.y;
  if (head >= p.heads) { return; }
  let lane = local.x;
  let first = item.x;
  let last = item.y - 1u;
  let i = item.z + lane;
  let kv = head * p.kv_heads / p.heads;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  var q: array<array<vec4f, QUADS>, PER_LANE>;
  var d_out: array<array<vec4f, QUADS>, PER_LANE>;
  var dq: array<array<vec4f, QUADS>, PER_LANE>;
  var total: array<f32, PER_LANE>;
  var lse: array<f32, PER_LANE>;
  for (var r = 0u; r < PER_LANE; r++) {
    let query = first + min(i + r * LANES, last);
    let q_base = query * p.ld + head * HEAD_DIM;
    let o_base = (query * p.heads + head) * HEAD_DIM;
    for (var d = 0u; d < quads; d++) {
      q[r][d] = load4(q_base, d) * p.scale;
      dq[r][d] = vec4f();
      d_out[r][d] = load_dout(o_base, d);
    }
    total[r] = 0.0;
    // @if WHOLE
    for (var d = 0u; d < quads; d++) {
      total[r] += dot(d_out[r][d], out[o_base / 4u + d]);
    }
    // @else
    for (var d = 0u; d < dims; d++) {
      total[r] += d_out[r][d / 4u][d % 4u] * out[o_base + d];
    }
    // @end
    lse[r] = logsumexp[query * p.heads + head];
  }
  let end = min(item.z + LANES * PER_LANE - 1u, last);
  for (var j = 0u; j <= end; j++) {
    let row = (first + j) * p.ld;
    var k: array<vec4f, QUADS>;
    var v: array<vec4f, QUADS>;
    for (var d = 0u; d < quads; d++) {
      k[d] = load4(row + k_col, d);
      v[d] = load4(row + v_col, d);
    }
    for (var r = 0u; r < PER_LANE; r++) {
      var s = 0.0;
      var dp = 0.0;
      for (var d = 0u; d < quads; d++) {
        s += dot(q[r][d], k[d]);
        dp += dot(d_out[r][d], v[d]);
      }
      let weight = select(0.0, exp(clamp(s - lse[r], -100.0, 1.0)), j <= i + r * LANES);
      let ds = weight * (dp - total[r]);
      for (var d = 0u; d < quads; d++) {
        dq[r][d] += ds * k[d];
      }
    }
  }
  for (var r = 0u; r < PER_LANE; r++) {
    let query = i + r * LANES;
    if (query <= last) {
      let q_base = (first + query) * p.ld + head * HEAD_DIM;
      if (ROTATE != 0u) {
        for (var d = 0u; d < quads / 2u; d++) {
          store_turned(q_base, query, d, dq[r][d] * p.scale, dq[r][d + quads / 2u] * p.scale);
        }
      } else {
        for (var d = 0u; d < quads; d++) {
          store_gradient(q_base, d, dq[r][d] * p.scale);
        }
      }
      delta[(first + query) * p.heads + head] = total[r];
    }
  }
}
