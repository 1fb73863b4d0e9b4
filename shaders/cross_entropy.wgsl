// nll_n = log sum_v exp(logits_nv) - logits_n,target      dLogits = weight_n * (softmax(logits_n) - onehot(target_n))
// logits (N,ld) with ld >= V are replaced by dLogits (columns V..ld-1 by 0), targets (N) u32, weights (N): mask over its sum,
// so a row of weight 0 gets exactly 0. nll (N,2) overwritten: (nll, weight * nll). One invocation or one workgroup: one row.
// (x - max) - log(sum) is accurate where x - (max + log(sum)) loses digits.
// @include "lowest.wgsl"
// @include "row_lanes.wgsl"

struct Params { rows: u32, vocab: u32, ld: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> logits: array<f32>;
@group(0) @binding(4) var<storage, read_write> nll: array<vec2f>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) index: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let n = row_of(group, index);
  if (n >= p.rows) { return; }
  let base = n * p.ld;
  let lane = index % ROW_LANES;
  var own_highest = F32_LOWEST;
  for (var v = lane; v < p.vocab; v += ROW_LANES) {
    own_highest = max(own_highest, logits[base + v]);
  }
  let highest = row_max(index, own_highest);
  var own_sum = 0.0;
  for (var v = lane; v < p.vocab; v += ROW_LANES) {
    own_sum += exp(max(logits[base + v] - highest, -100.0));
  }
  let sum = row_sum(index, own_sum);
  let log_sum = log(sum);
  let target_id = targets[n];
  let weight = weights[n];
  // The lane that will overwrite the target's logit is the one that still may read it.
  if (lane == target_id % ROW_LANES) {
    let loss = log_sum - (logits[base + target_id] - highest);
    nll[n] = vec2f(loss, select(0.0, weight * loss, weight != 0.0));
  }
  for (var v = lane; v < p.ld; v += ROW_LANES) {
    var g = 0.0;
    if (v < p.vocab && weight != 0.0) {
      let prob = exp(max(logits[base + v] - highest, -100.0)) / sum;
      g = weight * (prob - select(0.0, 1.0, v == target_id));
    }
    logits[base + v] = g;
  }
}
