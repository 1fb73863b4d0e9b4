// The softmax weights of one query: where each head looks from one row of a packed sequence, exp(q . k / sqrt(D) - logsumexp).
// qkv (N,ld) = [q heads | k heads | v heads], rotated, and logsumexp (N,H) as attention_forward left them; row: the query, first:
// the first row of its sequence. weights (H,keys) overwritten, keys = row - first + 1. For people to look at, not for training.
// One invocation: one key of one head.

struct Params { ld: u32, heads: u32, kv_heads: u32, row: u32, first: u32, keys: u32, scale: f32, head_dim: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> qkv: array<f32>;
@group(0) @binding(2) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  let head = id.y;
  if (j >= p.keys || head >= p.heads) { return; }
  let kv = head * p.kv_heads / p.heads;
  let q = p.row * p.ld + head * p.head_dim;
  let k = (p.first + j) * p.ld + (p.heads + kv) * p.head_dim;
  var score = 0.0;
  for (var d = 0u; d < p.head_dim; d++) {
    score += qkv[q + d] * p.scale * qkv[k + d];
  }
  weights[head * p.keys + j] = exp(max(score - logsumexp[p.row * p.heads + head], -100.0));
}
