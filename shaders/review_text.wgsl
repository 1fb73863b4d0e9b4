// What reviews that read again read: <review>, the question, then each step with a token behind it at which the verdict on that
// step is decided. With certainty 0 that token is <review> once more, else it says how unlikely the least likely token was that
// the policy wrote in the step: <cut:k>, where k of the bounds -0.1, -0.5, -1, -2, -3.5 lie above its log-probability.
// Rows first .. first+count-1 of rows (B), tokens (B,T), log_probs (B,T; 0 where the environment wrote) become text
// (count,stride), padded with 0 behind the end, and selected (count,5): the places of the verdicts in text, the row's first
// token for steps that it does not have. Rows past B are all padding. One invocation: one row.
// @include "episode.wgsl"

struct Params { rows: u32, first: u32, count: u32, positions: u32, stride: u32, certainty: u32 }
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
  var at = start;
  var steps = 0u;
  if (b < p.rows) {
    steps = rows[b].steps;
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
      selected[n * MAX_STEPS + s] = at;
      text[at] = select(TOKEN_REVIEW, TOKEN_INTEGER_0 + certainty(lowest), p.certainty != 0u);
      at++;
    }
  }
  for (; at < start + p.stride; at++) { text[at] = 0u; }
  for (var s = steps; s < MAX_STEPS; s++) { selected[n * MAX_STEPS + s] = start; }
}
