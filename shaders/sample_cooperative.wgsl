// Samples one token per row: what sample.wgsl does, with the same bindings and rules, by the 64 invocations of a workgroup.
// Each owns a run of neighbouring tokens, and alone writes their probabilities. What the others must know goes through workgroup
// memory: eight lanes are added (or compared), then the eights, an order that is the same for every row.
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

// A token and its logit. F32_LOWEST with token `vocab` means none.
struct Ranked { logit: f32, token: u32 }

// Two sums at once; the sum over the lanes before this one, and over all.
struct Sums { before: f32, all: vec2f }

var<workgroup> lane_sums: array<vec2f, 64>;
var<workgroup> octet_sums: array<vec2f, 8>;
var<workgroup> lane_ranked: array<Ranked, 64>;
var<workgroup> octet_ranked: array<Ranked, 8>;
// Zero is "none" in both: how far before `vocab` the first token whose cumulative probability exceeds the threshold stands, and
// one more than the last token with any probability. Integers, so the order of the lanes does not matter.
var<workgroup> pick_from_end: atomic<u32>;
var<workgroup> last_kept: atomic<u32>;

// Larger logits stand ahead; lower ids on ties.
fn ahead(a: Ranked, b: Ranked) -> bool {
  return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
}

// In this and the next function what a call reads last, the octets, the next call writes behind its first barrier; what it reads
// first was read before this call's second.
fn foremost(lane: u32, own: Ranked) -> Ranked {
  lane_ranked[lane] = own;
  workgroupBarrier();
  if (lane < 8u) {
    var best = lane_ranked[lane * 8u];
    for (var l = lane * 8u + 1u; l < lane * 8u + 8u; l++) {
      if (ahead(lane_ranked[l], best)) { best = lane_ranked[l]; }
    }
    octet_ranked[lane] = best;
  }
  workgroupBarrier();
  var best = octet_ranked[0];
  for (var o = 1u; o < 8u; o++) {
    if (ahead(octet_ranked[o], best)) { best = octet_ranked[o]; }
  }
  return best;
}

fn sums(lane: u32, own: vec2f) -> Sums {
  lane_sums[lane] = own;
  workgroupBarrier();
  if (lane < 8u) {
    var sum = vec2f();
    for (var l = lane * 8u; l < lane * 8u + 8u; l++) { sum += lane_sums[l]; }
    octet_sums[lane] = sum;
  }
  // Lanes before this one in its octet.
  var inside = 0.0;
  for (var l = lane / 8u * 8u; l < lane; l++) { inside += lane_sums[l].x; }
  workgroupBarrier();
  var result = Sums();
  for (var o = 0u; o < 8u; o++) {
    if (o == lane / 8u) { result.before = result.all.x + inside; }
    result.all += octet_sums[o];
  }
  return result;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let n = group.y * 32768u + group.x;
  // The same for the whole workgroup, so that its barriers stay together.
  if (n >= p.rows) { return; }
  if (LIMITED != 0u && n >= limit[0]) { return; }
  let base = n * p.ld;
  let legal = n * p.allowed_stride;
  let run = (p.vocab + 63u) / 64u;
  let start = min(lane * run, p.vocab);
  let stop = min(start + run, p.vocab);
  let none = Ranked(F32_LOWEST, p.vocab);

  var own = none;
  for (var v = start; v < stop; v++) {
    let candidate = Ranked(logits[base + v], v);
    if (allowed[legal + v] != 0u && ahead(candidate, own)) { own = candidate; }
  }
  let top = foremost(lane, own);
  let highest = top.logit;
  let best = select(top.token, 0u, top.token == p.vocab);

  var plain = vec2f();
  for (var v = start; v < stop; v++) {
    if (allowed[legal + v] != 0u) {
      let z = max(logits[base + v] - highest, -100.0);
      let e = exp(z);
      plain += vec2f(e, e * z);
    }
  }
  let policy = sums(lane, plain).all;

  let greedy = p.temperature <= 0.0;
  let sharpness = 1.0 / max(p.temperature, 1e-6);
  var kept_sum = 0.0;
  for (var v = start; v < stop; v++) {
    let candidate = Ranked(logits[base + v], v);
    var kept = allowed[legal + v] != 0u;
    if (greedy) {
      kept = v == best;
    } else if (kept && p.top_k > 0u) {
      var better = 0u;
      for (var u = 0u; u < p.vocab; u++) {
        if (allowed[legal + u] != 0u && ahead(Ranked(logits[base + u], u), candidate)) { better++; }
      }
      kept = better < p.top_k;
    }
    let e = select(-1.0, exp(max((candidate.logit - highest) * select(sharpness, 0.0, greedy), -100.0)), kept);
    probs[base + v] = e;
    if (kept) { kept_sum += e; }
  }
  var kept = sums(lane, vec2f(kept_sum, 0.0));

  if (!greedy && p.top_p < 1.0) {
    // What is summed here was written by all lanes.
    storageBarrier();
    // Tokens are removed from some rank on, so it is enough to know the first.
    var removed = none;
    for (var v = start; v < stop; v++) {
      let candidate = Ranked(logits[base + v], v);
      if (probs[base + v] >= 0.0 && ahead(candidate, removed)) {
        var before = 0.0;
        for (var u = 0u; u < p.vocab; u++) {
          let e = probs[base + u];
          if (e >= 0.0 && ahead(Ranked(logits[base + u], u), candidate)) { before += e; }
        }
        if (before >= p.top_p * kept.all.x) { removed = candidate; }
      }
    }
    let first = foremost(lane, removed);
    // Now all lanes have read, and each removes its own.
    storageBarrier();
    kept_sum = 0.0;
    for (var v = start; v < stop; v++) {
      if (first.token < p.vocab && !ahead(Ranked(logits[base + v], v), first)) { probs[base + v] = -1.0; }
      if (probs[base + v] >= 0.0) { kept_sum += probs[base + v]; }
    }
    kept = sums(lane, vec2f(kept_sum, 0.0));
  }

  let threshold = uniforms[n] * kept.all.x;
  var cumulative = kept.before;
  var picked = false;
  for (var v = start; v < stop; v++) {
    let e = probs[base + v];
    if (e > 0.0) {
      cumulative += e;
      if (!picked && cumulative > threshold) {
        picked = true;
        atomicMax(&pick_from_end, p.vocab - v);
      }
      atomicMax(&last_kept, v + 1u);
    }
    probs[base + v] = select(-1.0, e / kept.all.x, e >= 0.0);
  }
  workgroupBarrier();
  if (lane != 0u) { return; }
  var pick = p.vocab - atomicLoad(&pick_from_end);
  if (pick == p.vocab) {
    // Rounding left the total at or under the threshold.
    let last = atomicLoad(&last_kept);
    pick = select(best, last - 1u, last > 0u);
  }
  chosen[n] = pick;
  let log_sum = log(policy.x);
  stats[n] = vec2f((logits[base + pick] - highest) - log_sum, log_sum - policy.y / policy.x);
}
