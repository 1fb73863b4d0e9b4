// The Meta-Refiner's decision: one integer from the softmax over the legal integers (0 accepts, j cuts at step j), then the cut
// itself: the row goes back to the token before step j and is active again with the searches that are left.
// Legal are 0..S, or 1..S where gate is ALWAYS. mode 0 samples (training), 1 reviews only if log p(best cut) - log p(0) >=
// margin (evaluation), 2 says the flawed step (label oracle: the first search that supports no hop not yet supported; if there
// is none and the answer is wrong, the last step), 3 says it of wrong drafts and accepts right ones. What is said and what is done may differ: gate NEVER makes no cut; cut_rule
// UNIFORM cuts where a random number of its own says (Philox at the review's counter under (seed, 8)), FIRST at step 1.
// logits (n,ld), uniforms (n); with again 1 logits are the logarithms of review_verdicts, (B,ld), and in evaluation the gate
// decides: all cuts together against keeping. passage_facts: the world's fact index plus 1 per passage, 0 for rumours.
// reviews (B) u32x13: cut made, S, integer said, the bits of the log-probabilities of 0..5; the thoughts behind them are
// review_think's. One invocation: one active row.
// @include "philox.wgsl"
// @include "episode.wgsl"
// @include "lowest.wgsl"

struct Params { ld: u32, mode: u32, margin: f32, gate: u32, cut_rule: u32, update: u32, seed: u32, again: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> uniforms: array<f32>;
@group(0) @binding(4) var<storage, read> passage_facts: array<u32>;
@group(0) @binding(5) var<storage, read_write> rows: array<Row>;
@group(0) @binding(6) var<storage, read_write> reviews: array<u32>;

const REVIEW_WORDS = 13u;
const GREEDY = 1u;
const ORACLE_LABEL = 2u;
const ORACLE_WRONG = 3u;
const ALWAYS = 1u;
const NEVER = 2u;
const UNIFORM = 1u;
const FIRST = 2u;
const PURPOSE_CUT = 8u;

fn is_right(row: ptr<function, Row>) -> bool {
  return (*row).reason == FINISHED && (*row).answer == (*row).gold;
}

fn flawed_step(row: ptr<function, Row>) -> u32 {
  var supported = 0u;
  for (var s = 0u; s < (*row).searches; s++) {
    var found = 0u;
    for (var k = 0u; k < 3u; k++) {
      let fact = passage_facts[(*row).passage_base + (*row).passages[s * 3u + k]];
      for (var h = 0u; h < (*row).hop_count; h++) {
        if (fact == (*row).hop_facts[h]) { found |= 1u << h; }
      }
    }
    if ((found & ~supported) == 0u) { return min(s + 1u, (*row).steps); }
    supported |= found;
  }
  return select((*row).steps, 0u, is_right(row));
}

// Where the row is cut whose review said a step.
fn place_of_cut(row: ptr<function, Row>, said: u32) -> u32 {
  if (p.gate == NEVER) { return 0u; }
  if (p.cut_rule == FIRST) { return 1u; }
  if (p.cut_rule != UNIFORM) { return said; }
  let counter = vec4u((*row).length, (*row).logical_row, p.update, (*row).attempt * 65536u + (*row).replicate);
  let u = uniform_from_word(philox4x32(counter, vec2u(p.seed, PURPOSE_CUT)).x);
  return 1u + min(u32(u * f32((*row).steps)), (*row).steps - 1u);
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= active_rows[0]) { return; }
  let b = active_rows[64u + n];
  var row = rows[b];
  let base = select(n, b, p.again != 0u) * p.ld + TOKEN_INTEGER_0;
  let first = select(0u, 1u, p.gate == ALWAYS);
  var highest = F32_LOWEST;
  for (var j = first; j <= row.steps; j++) {
    highest = max(highest, logits[base + j]);
  }
  var sum = 0.0;
  var cuts = 0.0;
  for (var j = first; j <= row.steps; j++) {
    let e = exp(max(logits[base + j] - highest, -100.0));
    sum += e;
    cuts += select(0.0, e, j > 0u);
  }
  let log_sum = log(sum);
  var said = row.steps;
  var cumulative = 0.0;
  var best = 1u;
  var decided = false;
  for (var j = 0u; j < 6u; j++) {
    var log_prob = F32_LOWEST;
    if (j >= first && j <= row.steps) {
      let z = logits[base + j] - highest;
      log_prob = z - log_sum;
      cumulative += exp(max(z, -100.0));
      if (!decided && cumulative > uniforms[n] * sum) {
        said = j;
        decided = true;
      }
      if (j > 0u && logits[base + j] > logits[base + best]) { best = j; }
    }
    reviews[b * REVIEW_WORDS + 3u + j] = bitcast<u32>(log_prob);
  }
  if (p.mode == GREEDY) {
    let against = select(logits[base + best], highest + log(cuts), p.again != 0u);
    said = select(0u, best, first == 1u || against - logits[base] >= p.margin);
  } else if (p.mode == ORACLE_LABEL) {
    said = flawed_step(&row);
  } else if (p.mode == ORACLE_WRONG) {
    said = select(flawed_step(&row), 0u, is_right(&row));
  }
  var cut = 0u;
  if (said > 0u) { cut = place_of_cut(&row, said); }
  reviews[b * REVIEW_WORDS] = cut;
  reviews[b * REVIEW_WORDS + 1u] = row.steps;
  reviews[b * REVIEW_WORDS + 2u] = said;
  if (cut == 0u) {
    // Without the token that asked for the review.
    rows[b].length -= 1u;
    rows[b].is_active = 0u;
    return;
  }
  row.position = row.step_starts[cut - 1u] - 1u;
  row.length = row.position + 1u;
  row.phase = EXPECT_THINK;
  row.content = 0u;
  // Every step before the cut holds exactly one search: anything else would have ended the trajectory.
  row.searches = cut - 1u;
  row.steps = cut - 1u;
  row.reason = RUNNING;
  row.attempt += 1u;
  row.is_active = 1u;
  row.pending = 0u;
  row.answer = 0u;
  rows[b] = row;
}
