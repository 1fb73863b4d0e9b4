// Causal attention by streaming softmax: no T x T matrix in memory.
//   s_ij = q_i . k_j / sqrt(D) for j <= i      out_i = sum_j softmax(s_i)_j v_j      logsumexp_i = log sum_j exp s_ij
// qkv (N,ld): rows of all sequences one after the other, columns [q heads | k heads | v heads] of D each; query head h reads
// key/value head h * KV / H. items (I): (first row of the sequence, its length, first query of this block, 0).
// out (N,H*D) and logsumexp (N,H) are overwritten and saved for backward.
// One workgroup: 32 queries of 4 heads; one invocation: PER_LANE of them, LANES apart, so that a key and a value are loaded once for
// four queries (loads, not arithmetic, are what attention costs on software adapters).
// @include "lowest.wgsl"
// @include "load_head.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32 }
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
  var acc: array<array<vec4f, QUADS>, PER_LANE>;
  var highest: array<f32, PER_LANE>;
  var sum: array<f32, PER_LANE>;
  for (var r = 0u; r < PER_LANE; r++) {
    // Queries past the end repeat the last one and are not stored.
    let q_base = (first + min(i + r * LANES, last)) * p.ld + head * HEAD_DIM;
    for (var d = 0u; d < quads; d++) {
      q[r][d] = load4(q_base, d) * p.scale;
      acc[r][d] = vec4f();
    }
    highest[r] = F32_LOWEST;
    sum[r] = 0.0;
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
      for (var d = 0u; d < quads; d++) {
        s += dot(q[r][d], k[d]);
      }
      // Without a branch: lanes of a software adapter take both sides anyhow.
      let seen = j <= i + r * LANES;
      s = select(F32_LOWEST, s, seen);
      let top = max(highest[r], s);
      // Everything gathered so far was relative to the old maximum. exp(0) need not be 1 to the last bit, and would add up.
      let shrink = select(1.0, exp(max(highest[r] - top, -100.0)), s > highest[r]);
      let weight = select(0.0, exp(max(s - top, -100.0)), seen);
      highest[r] = top;
      sum[r] = sum[r] * shrink + weight;
      for (var d = 0u; d < quads; d++) {
        acc[r][d] = acc[r][d] * shrink + weight * v[d];
      }
    }
  }
  for (var r = 0u; r < PER_LANE; r++) {
    let query = i + r * LANES;
    if (query <= last) {
      let o_base = ((first + query) * p.heads + head) * HEAD_DIM;
      // @if WHOLE
      for (var d = 0u; d < quads; d++) {
        out[o_base / 4u + d] = acc[r][d] / sum[r];
      }
      // @else
      for (var d = 0u; d < dims; d++) {
        out[o_base + d] = acc[r][d / 4u][d % 4u] / sum[r];
      }
      // @end
      logsumexp[(first + query) * p.heads + head] = highest[r] + log(sum[r]);
    }
  }
}
