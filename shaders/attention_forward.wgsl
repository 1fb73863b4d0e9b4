// Causal attention by streaming softmax: no T x T matrix in memory.
//   s_ij = q_i . k_j / sqrt(D) for j <= i      out_i = sum_j softmax(s_i)_j v_j      logsumexp_i = log sum_j exp s_ij
// qkv (N,ld): rows of all sequences one after the other, columns [q heads | k heads | v heads] of D each; query head h reads
// key/value head h * KV / H. items (I): (first row of the sequence, its length, first query of this block, 0).
// out (N,H*D) and logsumexp (N,H) are overwritten and saved for backward.
// One workgroup: 32 queries of one head; one invocation: one query. All lanes walk the same keys, so loads are uniform.
// @include "lowest.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<storage, read_write> logsumexp: array<f32>;

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
  // Lanes past the end repeat the last query and store nothing.
  let query = min(i, last);
  let kv = head * p.kv_heads / p.heads;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  var q: array<vec4f, QUADS>;
  var acc: array<vec4f, QUADS>;
  let q_base = (first + query) * p.ld + head * HEAD_DIM;
  for (var d = 0u; d < QUADS; d++) {
    q[d] = load4(q_base, d) * p.scale;
    acc[d] = vec4f();
  }
  var highest = F32_LOWEST;
  var sum = 0.0;
  let end = min(item.z + 31u, last);
  for (var j = 0u; j <= end; j++) {
    let row = (first + j) * p.ld;
    var s = 0.0;
    for (var d = 0u; d < QUADS; d++) {
      s += dot(q[d], load4(row + k_col, d));
    }
    if (j <= query) {
      if (s > highest) {
        // Everything gathered so far was relative to the old maximum.
        let shrink = exp(max(highest - s, -100.0));
        sum *= shrink;
        for (var d = 0u; d < QUADS; d++) {
          acc[d] *= shrink;
        }
        highest = s;
      }
      let weight = exp(max(s - highest, -100.0));
      sum += weight;
      for (var d = 0u; d < QUADS; d++) {
        acc[d] += weight * load4(row + v_col, d);
      }
    }
  }
  if (i > last) { return; }
  let o_base = (first + i) * p.heads * HEAD_DIM + head * HEAD_DIM;
  for (var d = 0u; d < HEAD_DIM; d++) {
    out[o_base + d] = acc[d / 4u][d % 4u] / sum;
  }
  logsumexp[(first + i) * p.heads + head] = highest + log(sum);
}
