// The verdicts behind the steps of a text as the distribution of one integer. The verdict behind the last step, with the whole
// text before it, is the gate: w = P(wrong). Those behind the steps before it say where: f_i = P(step i is flawed).
// P(0) = 1 - w, P(j) = w prod_{i<j} (1 - f_i) f_j for j < S, P(S) = w prod_{i<S} (1 - f_i); they sum to 1.
// A verdict's odds are those of <cut:1> (flawed) against <cut:0> (fine) in logits (count*places,ld) of rows first ..
// first+count-1, the first five of each row's places.
// said (B,out_ld): the logarithms of P(0) .. P(S), from the place of <cut:0> on, as review_decide reads them; idle rows are left
// alone. One invocation: one row.
// @include "episode.wgsl"

struct Params { rows: u32, first: u32, count: u32, ld: u32, out_ld: u32, places: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read_write> said: array<f32>;

// The logarithm of 1 / (1 + exp(-z)).
fn log_sigmoid(z: f32) -> f32 {
  return min(z, 0.0) - log(1.0 + exp(max(-abs(z), -80.0)));
}

fn odds(n: u32, s: u32) -> f32 {
  let base = (n * p.places + s) * p.ld + TOKEN_INTEGER_0;
  return logits[base + 1u] - logits[base];
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  let b = p.first + n;
  if (n >= p.count || b >= p.rows) { return; }
  let steps = rows[b].steps;
  if (steps == 0u) { return; }
  let base = b * p.out_ld + TOKEN_INTEGER_0;
  let gate = odds(n, steps - 1u);
  said[base] = log_sigmoid(-gate);
  var log_left = log_sigmoid(gate);
  for (var s = 0u; s + 1u < steps; s++) {
    let z = odds(n, s);
    said[base + 1u + s] = log_left + log_sigmoid(z);
    log_left += log_sigmoid(-z);
  }
  said[base + steps] = log_left;
}
