// What reviews that read again read: <review>, the question, then each step with a token behind it at which the verdict on that
// step is decided. With certainty 0 that token is <review> once more, else it says how unlikely the least likely token was that
// the policy wrote in the step: <cut:k>, where k of the bounds -0.1, -0.5, -1, -2, -3.5 lie above its log-probability.
// With thoughts above 0 the last of these tokens comes behind <review> and one place a hop of the question, for review_think to
// fill; thoughts is the most hops there are.
// Rows first .. first+count-1 of rows (B), tokens (B,T), log_probs (B,T; 0 where the environment wrote) become text
// (count,stride), padded with 0 behind the end, and selected (count,5+thoughts): the places of the verdicts in text, then those
// behind which thoughts stand; the row's first token for what it does not have. Rows past B are all padding. One invocation: one
// row.
// @include "episode.wgsl"

struct Params { rows: u32, first: u32, count: u32, positions: u32, stride: u32, certainty: u32, thoughts: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> log_probs: array<f32>;
@group(0) @binding(4) var<storage, read_write> text: array<u32>;
@group(0) @binding(5) var<storage, read_write> selected: array<u32>;

const MAX_STEPS = 5u;

fn certainty(lowest: f32) -> u32 {
  var bounds = array<f32, 5>(-0.1, -0.5, -1.0, -2.0, -3.5);
  var k = 0u;
  for (var i = 0u; i < 5u; i++) { k += select(0u, 1u, lowest < bounds[i]); }
  return k;
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= p.count) { return; }
  let b = p.first + n;
  let start = n * p.stride;
  let places = n * (MAX_STEPS + p.thoughts);
  var at = start;
  for (var k = 0u; k < MAX_STEPS + p.thoughts; k++) { selected[places + k] = start; }
  if (b < p.rows) {
    let steps = rows[b].steps;
    text[at] = TOKEN_REVIEW;
    at++;
    var t = 0u;
    for (var s = 0u; s < steps; s++) {
      var end = rows[b].length;
      if (s + 1u < steps) { end = rows[b].step_starts[s + 1u]; }
      var lowest = 0.0;
      for (; t < end; t++) {
        text[at] = tokens[b * p.positions + t];
        at++;
        if (t >= rows[b].prompt_length) { lowest = min(lowest, log_probs[b * p.positions + t]); }
      }
      if (s + 1u == steps && p.thoughts > 0u) {
        text[at] = TOKEN_REVIEW;
        at++;
        for (var k = 0u; k < rows[b].hop_count; k++) {
          selected[places + MAX_STEPS + k] = at - 1u;
          text[at] = 0u;
          at++;
        }
      }
      selected[places + s] = at;
      text[at] = select(TOKEN_REVIEW, TOKEN_INTEGER_0 + certainty(lowest), p.certainty != 0u);
      at++;
    }
  }
  for (; at < start + p.stride; at++) { text[at] = 0u; }
}
