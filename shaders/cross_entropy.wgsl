// nll_n = log sum_v exp(logits_nv) - logits_n,target      dLogits = weight_n * (softmax(logits_n) - onehot(target_n))
// logits (N,ld) with ld >= V are replaced by dLogits (columns V..ld-1 by 0), targets (N) u32, weights (N): mask over its sum,
// so a row of weight 0 gets exactly 0. nll (N,2) overwritten: (nll, weight * nll). One invocation: one row.
// (x - max) - log(sum) is accurate where x - (max + log(sum)) loses digits.
// @include "lowest.wgsl"

struct Params { rows: u32, vocab: u32, ld: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> logits: array<f32>;
@group(0) @binding(4) var<storage, read_write> nll: array<vec2f>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= p.rows) { return; }
  let base = n * p.ld;
  var highest = F32_LOWEST;
  for (var v = 0u; v < p.vocab; v++) {
    highest = max(highest, logits[base + v]);
  }
  var sum = 0.0;
  for (var v = 0u; v < p.vocab; v++) {
    sum += exp(max(logits[base + v] - highest, -100.0));
  }
  let log_sum = log(sum);
  let target_id = targets[n];
  let loss = log_sum - (logits[base + target_id] - highest);
  let weight = weights[n];
  nll[n] = vec2f(loss, select(0.0, weight * loss, weight != 0.0));
  for (var v = 0u; v < p.ld; v++) {
    var g = 0.0;
    if (v < p.vocab && weight != 0.0) {
      let prob = exp(max(logits[base + v] - highest, -100.0)) / sum;
      g = weight * (prob - select(0.0, 1.0, v == target_id));
    }
    logits[base + v] = g;
  }
}
