// Gradient of causal attention for the queries:
//   P_ij = exp(s_ij - logsumexp_i)   dP_ij = dout_i . v_j   delta_i = dout_i . out_i   dS_ij = P_ij (dP_ij - delta_i)
//   dq_i = sum over j <= i of dS_ij k_j / sqrt(D)
// Layouts as in attention_forward; dqkv (N,ld) gets its q columns overwritten, delta (N,H) is written for
// attention_backward_key_value. One invocation: one query of one head.

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> out: array<f32>;
@group(0) @binding(4) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<f32>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(7) var<storage, read_write> delta: array<f32>;

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;

fn load4(base: u32, quad: u32) -> vec4f {
  let at = base + quad * 4u;
  if (HEAD_DIM % 4u == 0u) {
    return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  }
  let left = HEAD_DIM - quad * 4u;
  return vec4f(qkv[at], select(0.0, qkv[at + 1u], left > 1u), select(0.0, qkv[at + 2u], left > 2u), select(0.0, qkv[at + 3u], left > 3u));
}

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let item = items[group.x];
  let head = group.y;
  let first = item.x;
  let last = item.y - 1u;
  let i = item.z + lane;
  let query = min(i, last);
  let kv = head * p.kv_heads / p.heads;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  let q_base = (first + query) * p.ld + head * HEAD_DIM;
  let o_base = (first + query) * p.heads * HEAD_DIM + head * HEAD_DIM;
  var q: array<vec4f, QUADS>;
  var d_out: array<vec4f, QUADS>;
  var dq: array<vec4f, QUADS>;
  var total = 0.0;
  for (var d = 0u; d < QUADS; d++) {
    q[d] = load4(q_base, d) * p.scale;
    dq[d] = vec4f();
    d_out[d] = vec4f();
  }
  for (var d = 0u; d < HEAD_DIM; d++) {
    let g = dout[o_base + d];
    d_out[d / 4u][d % 4u] = g;
    total += g * out[o_base + d];
  }
  let lse = logsumexp[(first + query) * p.heads + head];
  let end = min(item.z + 31u, last);
  for (var j = 0u; j <= end; j++) {
    let row = (first + j) * p.ld;
    var s = 0.0;
    var dp = 0.0;
    for (var d = 0u; d < QUADS; d++) {
      s += dot(q[d], load4(row + k_col, d));
      dp += dot(d_out[d], load4(row + v_col, d));
    }
    let weight = select(0.0, exp(clamp(s - lse, -100.0, 1.0)), j <= query);
    let ds = weight * (dp - total);
    for (var d = 0u; d < QUADS; d++) {
      dq[d] += ds * load4(row + k_col, d);
    }
  }
  if (i > last) { return; }
  for (var d = 0u; d < HEAD_DIM; d++) {
    dqkv[q_base + d] = dq[d / 4u][d % 4u] * p.scale;
  }
  delta[(first + i) * p.heads + head] = total;
}
