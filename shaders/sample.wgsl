// Samples one token per row: allowed mask, temperature, top-k, top-p, then the inverse of the cumulative distribution at a
// given uniform number (golden/README.md: ties go to lower ids, top-p sees the distribution after top-k).
// logits (N,ld), allowed (1,V) or (N,V) by allowed_stride 0 or V, uniforms (N). probs (N,ld) overwritten: the final
// probability, -1 where a filter removed the token. chosen (N). stats (N): (log-probability, entropy) of the choice under the
// allowed tokens at temperature 1, which is the distribution that the loss uses. With LIMITED = 1 only rows below limit[0].
// One invocation: one row.
// @include "lowest.wgsl"

struct Params { rows: u32, vocab: u32, ld: u32, allowed_stride: u32, top_k: u32, temperature: f32, top_p: f32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> allowed: array<u32>;
@group(0) @binding(3) var<storage, read> uniforms: array<f32>;
@group(0) @binding(4) var<storage, read> limit: array<u32>;
@group(0) @binding(5) var<storage, read_write> probs: array<f32>;
@group(0) @binding(6) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(7) var<storage, read_write> stats: array<vec2f>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x + p.first_group * 32u;
  if (n >= p.rows) { return; }
  if (LIMITED != 0u && n >= limit[0]) { return; }
  let base = n * p.ld;
  let legal = n * p.allowed_stride;
  var highest = F32_LOWEST;
  var best = 0u;
  for (var v = 0u; v < p.vocab; v++) {
    let z = logits[base + v];
    if (allowed[legal + v] != 0u && z > highest) {
      highest = z;
      best = v;
    }
  }
  var sum = 0.0;
  var weighted = 0.0;
  for (var v = 0u; v < p.vocab; v++) {
    if (allowed[legal + v] != 0u) {
      let z = max(logits[base + v] - highest, -100.0);
      let e = exp(z);
      sum += e;
      weighted += e * z;
    }
  }
  let greedy = p.temperature <= 0.0;
  let sharpness = 1.0 / max(p.temperature, 1e-6);
  var kept_sum = 0.0;
  for (var v = 0u; v < p.vocab; v++) {
    let z = logits[base + v];
    var kept = allowed[legal + v] != 0u;
    if (greedy) {
      kept = v == best;
    } else if (kept && p.top_k > 0u) {
      var ahead = 0u;
      for (var u = 0u; u < p.vocab; u++) {
        let y = logits[base + u];
        if (allowed[legal + u] != 0u && (y > z || (y == z && u < v))) { ahead++; }
      }
      kept = ahead < p.top_k;
    }
    let e = select(-1.0, exp(max((z - highest) * select(sharpness, 0.0, greedy), -100.0)), kept);
    probs[base + v] = e;
    if (kept) { kept_sum += e; }
  }
  if (!greedy && p.top_p < 1.0) {
    var nucleus_sum = 0.0;
    for (var v = 0u; v < p.vocab; v++) {
      if (probs[base + v] >= 0.0) {
        let z = logits[base + v];
        var before = 0.0;
        for (var u = 0u; u < p.vocab; u++) {
          let y = logits[base + u];
          let e = probs[base + u];
          // A token removed in this pass may be skipped: all that stand before the first removed one are kept, and they
          // already reach top_p for every token behind it.
          if (e >= 0.0 && (y > z || (y == z && u < v))) { before += e; }
        }
        if (before >= p.top_p * kept_sum) {
          probs[base + v] = -1.0;
        } else {
          nucleus_sum += probs[base + v];
        }
      }
    }
    kept_sum = nucleus_sum;
  }
  let threshold = uniforms[n] * kept_sum;
  var cumulative = 0.0;
  var pick = p.vocab;
  var last = best;
  for (var v = 0u; v < p.vocab; v++) {
    let e = probs[base + v];
    if (e > 0.0) {
      cumulative += e;
      if (pick == p.vocab && cumulative > threshold) { pick = v; }
      last = v;
    }
    probs[base + v] = select(-1.0, e / kept_sum, e >= 0.0);
  }
  if (pick == p.vocab) { pick = last; }
  chosen[n] = pick;
  let log_sum = log(sum);
  stats[n] = vec2f((logits[base + pick] - highest) - log_sum, log_sum - weighted / sum);
}
