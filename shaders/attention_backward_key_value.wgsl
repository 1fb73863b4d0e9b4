// Gradient of causal attention for keys and values, summed over the query heads that share them:
//   dk_j = sum over h, i >= j of dS_ij q_i / sqrt(D)      dv_j = sum over h, i >= j of P_ij dout_i
// Layouts as in attention_forward; delta (N,H) comes from attention_backward_query; dqkv (N,ld) gets its k and v columns
// overwritten. With ROTATE = 1 dk is turned back through RoPE. One workgroup: 32 keys of 4 key/value heads; one invocation:
// PER_LANE of them. Sums run over heads, then queries, in ascending order.
// @include "load_head.wgsl"
// @include "load_gradient.wgsl"
// @include "rope_gradient.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32 }
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

@compute @workgroup_size(LANES, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // Loops of the usual heads unroll; those of wide or odd ones must not (a software adapter compiles them for minutes).
  let dims = select(p.head_dim, HEAD_DIM, HEAD_DIM <= 32u && HEAD_DIM % 4u == 0u);
  let quads = (dims + 3u) / 4u;
  let item = items[group.x];
  let kv = group.y * 4u + local.y;
  if (kv >= p.kv_heads) { return; }
  let lane = local.x;
  let first = item.x;
  let last = item.y - 1u;
  let j = item.z + lane;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  var k: array<array<vec4f, QUADS>, PER_LANE>;
  var v: array<array<vec4f, QUADS>, PER_LANE>;
  var dk: array<array<vec4f, QUADS>, PER_LANE>;
  var dv: array<array<vec4f, QUADS>, PER_LANE>;
  for (var r = 0u; r < PER_LANE; r++) {
    let row = (first + min(j + r * LANES, last)) * p.ld;
    for (var d = 0u; d < quads; d++) {
      k[r][d] = load4(row + k_col, d) * p.scale;
      v[r][d] = load4(row + v_col, d);
      dk[r][d] = vec4f();
      dv[r][d] = vec4f();
    }
  }
  let share = p.heads / p.kv_heads;
  for (var h = kv * share; h < (kv + 1u) * share; h++) {
    for (var i = item.z; i <= last; i++) {
      let q_base = (first + i) * p.ld + h * HEAD_DIM;
      let at = (first + i) * p.heads + h;
      var q: array<vec4f, QUADS>;
      var d_out: array<vec4f, QUADS>;
      for (var d = 0u; d < quads; d++) {
        q[d] = load4(q_base, d);
        d_out[d] = load_dout(at * HEAD_DIM, d);
      }
      let lse = logsumexp[at];
      let total = delta[at];
      for (var r = 0u; r < PER_LANE; r++) {
        var s = 0.0;
        var dp = 0.0;
        for (var d = 0u; d < quads; d++) {
          s += dot(k[r][d], q[d]);
          dp += dot(v[r][d], d_out[d]);
        }
        let weight = select(0.0, exp(clamp(s - lse, -100.0, 1.0)), i >= j + r * LANES);
        let ds = weight * (dp - total);
        for (var d = 0u; d < quads; d++) {
          dv[r][d] += weight * d_out[d];
          dk[r][d] += ds * q[d];
        }
      }
    }
  }
  for (var r = 0u; r < PER_LANE; r++) {
    let key = j + r * LANES;
    if (key <= last) {
      let row = (first + key) * p.ld;
      for (var d = 0u; d < quads; d++) {
        if (ROTATE == 0u) { store_gradient(row + k_col, d, dk[r][d] * p.scale); }
        store_gradient(row + v_col, d, dv[r][d]);
      }
      if (ROTATE != 0u) {
        for (var d = 0u; d < quads / 2u; d++) {
          store_turned(row + k_col, key, d, dk[r][d] * p.scale, dk[r][d + quads / 2u] * p.scale);
        }
      }
    }
  }
}
