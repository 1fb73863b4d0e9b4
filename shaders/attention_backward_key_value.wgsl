// Gradient of causal attention for keys and values, summed over the query heads that share them:
//   dk_j = sum over h, i >= j of dS_ij q_i / sqrt(D)      dv_j = sum over h, i >= j of P_ij dout_i
// Layouts as in attention_forward; delta (N,H) comes from attention_backward_query; dqkv (N,ld) gets its k and v columns
// overwritten. One invocation: one key of one key/value head. Sums run over heads, then queries, in ascending order.

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(4) var<storage, read> dout: array<f32>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<f32>;

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;

fn load4(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  if (HEAD_DIM % 4u == 0u) {
    return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  }
  let left = HEAD_DIM - quad * 4u;
  return vec4f(qkv[at], select(0.0, qkv[at + 1u], left > 1u), select(0.0, qkv[at + 2u], left > 2u), select(0.0, qkv[at + 3u], left > 3u));
}

fn load_dout(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  if (HEAD_DIM % 4u == 0u) {
    return vec4f(dout[at], dout[at + 1u], dout[at + 2u], dout[at + 3u]);
  }
  let left = HEAD_DIM - quad * 4u;
  return vec4f(dout[at], select(0.0, dout[at + 1u], left > 1u), select(0.0, dout[at + 2u], left > 2u), select(0.0, dout[at + 3u], left > 3u));
}

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let item = items[group.x];
  let kv = group.y;
  let first = item.x;
  let last = item.y - 1u;
  let j = item.z + lane;
  let key = min(j, last);
  let k_base = (first + key) * p.ld + (p.heads + kv) * HEAD_DIM;
  let v_base = (first + key) * p.ld + (p.heads + p.kv_heads + kv) * HEAD_DIM;
  var k: array<vec4f, QUADS>;
  var v: array<vec4f, QUADS>;
  var dk: array<vec4f, QUADS>;
  var dv: array<vec4f, QUADS>;
  for (var d = 0u; d < QUADS; d++) {
    k[d] = load4(k_base, d) * p.scale;
    v[d] = load4(v_base, d);
    dk[d] = vec4f();
    dv[d] = vec4f();
  }
  let share = p.heads / p.kv_heads;
  for (var h = kv * share; h < (kv + 1u) * share; h++) {
    for (var i = item.z; i <= last; i++) {
      let q_base = (first + i) * p.ld + h * HEAD_DIM;
      let o_base = (first + i) * p.heads * HEAD_DIM + h * HEAD_DIM;
      var s = 0.0;
      var dp = 0.0;
      for (var d = 0u; d < QUADS; d++) {
        s += dot(k[d], load4(q_base, d));
        dp += dot(v[d], load_dout(o_base, d));
      }
      let at = (first + i) * p.heads + h;
      let weight = select(0.0, exp(clamp(s - logsumexp[at], -100.0, 1.0)), i >= key);
      let ds = weight * (dp - delta[at]);
      for (var d = 0u; d < QUADS; d++) {
        dv[d] += weight * load_dout(o_base, d);
        dk[d] += ds * load4(q_base, d);
      }
    }
  }
  if (j > last) { return; }
  for (var d = 0u; d < HEAD_DIM; d++) {
    dqkv[k_base + d] = dk[d / 4u][d % 4u] * p.scale;
    dqkv[v_base + d] = dv[d / 4u][d % 4u];
  }
}
