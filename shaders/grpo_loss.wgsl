// The clipped policy loss with a k3 penalty, over the tokens that the policy may write (method.md section 6). Per row n:
//   new = log softmax over allowed(logits)[target]    ratio = exp(new - old)    k3 = exp(ref - new) - (ref - new) - 1
//   token = -min(ratio A, clip(ratio) A) + beta k3 - bonus * entropy
//   dLogits_v = c (-A ratio [plain <= clipped] + beta (1 - exp(ref - new))) ([v = target] - p_v) + c bonus p_v (log p_v + H)
// logits (N,ld) are replaced by dLogits (0 at tokens that are not allowed, and at columns V..ld-1).
// rows (N) u32x4: (target, row of `allowed`, mask, 0); values (N) f32x4: (advantage A, old, ref, c = weight in the mean).
// allowed (M,V) u32 0/1. stats (N,8) overwritten: new, entropy, c token, c policy, then k3, old - new, clipped, entropy, each
// times the mask. Where mask is 0 the gradient is exactly 0, whatever the row holds. `old_from_new`: the first epoch, where
// the old policy is the new one with its gradient stopped. `ref_from_stats`: ref is column 0 of the
// (N,8) stats that this kernel wrote for the frozen base policy. One invocation or one workgroup: one row.
// @include "lowest.wgsl"
// @include "row_lanes.wgsl"

struct Params {
  rows: u32, vocab: u32, ld: u32, old_from_new: u32, ref_from_stats: u32,
  clip_low: f32, clip_high: f32, kl_beta: f32, entropy_bonus: f32, first_group: u32,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<vec4u>;
@group(0) @binding(2) var<storage, read> values: array<vec4f>;
@group(0) @binding(3) var<storage, read> allowed: array<u32>;
@group(0) @binding(4) var<storage, read> ref_stats: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> logits: array<f32>;
@group(0) @binding(6) var<storage, read_write> stats: array<vec4f>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) index: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let n = row_of(group, index);
  if (n >= p.rows) { return; }
  let base = n * p.ld;
  let row = rows[n];
  let legal = row.y * p.vocab;
  let lane = index % ROW_LANES;
  var own_highest = F32_LOWEST;
  for (var v = lane; v < p.vocab; v += ROW_LANES) {
    if (allowed[legal + v] != 0u) { own_highest = max(own_highest, logits[base + v]); }
  }
  let highest = row_max(index, own_highest);
  var own_sum = 0.0;
  var own_weighted = 0.0;
  for (var v = lane; v < p.vocab; v += ROW_LANES) {
    if (allowed[legal + v] != 0u) {
      let z = max(logits[base + v] - highest, -100.0);
      let e = exp(z);
      own_sum += e;
      own_weighted += e * z;
    }
  }
  let sum = row_sum(index, own_sum);
  let weighted = row_sum(index, own_weighted);
  let log_sum = log(sum);
  let entropy = log_sum - weighted / sum;
  let new_log_prob = (logits[base + row.x] - highest) - log_sum;
  row_loads_done();
  var slope = 0.0;
  var bonus = 0.0;
  var measured = array(vec4f(new_log_prob, entropy, 0.0, 0.0), vec4f());
  if (row.z != 0u) {
    let value = values[n];
    let a = value.x;
    let old = select(value.y, new_log_prob, p.old_from_new != 0u);
    // Beyond exp(80) float32 ends; such a ratio is clipped anyway.
    let ratio = exp(clamp(new_log_prob - old, -80.0, 80.0));
    let plain = ratio * a;
    let clipped = min(max(ratio, 1.0 - p.clip_low), 1.0 + p.clip_high) * a;
    let policy = -min(plain, clipped);
    let reference = select(value.z, ref_stats[2u * n].x, p.ref_from_stats != 0u);
    let gap = clamp(reference - new_log_prob, -80.0, 80.0);
    let grown = exp(gap);
    // For a small gap exp(gap) - gap - 1 cancels in float32; its series does not.
    let k3 = select(grown - gap - 1.0, gap * gap * (0.5 + gap * (1.0 / 6.0 + gap / 24.0)), abs(gap) < 0.05);
    let growth = select(1.0 - grown, -gap * (1.0 + gap * (0.5 + gap / 6.0)), abs(gap) < 0.01);
    let c = value.w;
    slope = c * (select(0.0, -a * ratio, plain <= clipped) + p.kl_beta * growth);
    bonus = c * p.entropy_bonus;
    measured[0] = vec4f(new_log_prob, entropy, c * (policy + p.kl_beta * k3 - p.entropy_bonus * entropy), c * policy);
    measured[1] = vec4f(k3, old - new_log_prob, select(0.0, 1.0, clipped < plain), entropy);
  }
  if (lane == 0u) {
    stats[2u * n] = measured[0];
    stats[2u * n + 1u] = measured[1];
  }
  for (var v = lane; v < p.ld; v += ROW_LANES) {
    var g = 0.0;
    if (v < p.vocab && row.z != 0u && allowed[legal + min(v, p.vocab - 1u)] != 0u) {
      let z = max(logits[base + v] - highest, -100.0);
      let prob = exp(z) / sum;
      g = slope * (select(0.0, 1.0, v == row.x) - prob) + bonus * prob * (z - log_sum + entropy);
    }
    logits[base + v] = g;
  }
}
