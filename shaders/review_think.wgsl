// What a review that thinks writes of hop `hop` behind the text of review_text: the likeliest of all entities and <?>, which says
// that it cannot tell; of equally likely ones the first. Greedily, so that what the review then says has one probability.
// logits (count*places,ld) at the places of rows first .. first+count-1, of which place 5 + hop is the thought's. It is written
// to text, behind that place in selected (count,places), and to reviews (B,13) as word 9 + hop. Rows whose question has fewer hops
// are left alone. One invocation: one row.
// @include "episode.wgsl"
// @include "lowest.wgsl"

struct Params { rows: u32, first: u32, count: u32, ld: u32, places: u32, hop: u32, vocab: u32, entity_base: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> selected: array<u32>;
@group(0) @binding(4) var<storage, read_write> text: array<u32>;
@group(0) @binding(5) var<storage, read_write> reviews: array<u32>;

const MAX_STEPS = 5u;
const REVIEW_WORDS = 13u;
const THOUGHTS_AT = 9u;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  let b = p.first + n;
  if (n >= p.count || b >= p.rows) { return; }
  if (rows[b].steps == 0u || p.hop >= rows[b].hop_count) { return; }
  let place = n * p.places + MAX_STEPS + p.hop;
  let base = place * p.ld;
  var best = TOKEN_QUESTION;
  var highest = logits[base + best];
  for (var v = p.entity_base; v < p.vocab; v++) {
    let z = logits[base + v];
    if (z > highest) {
      highest = z;
      best = v;
    }
  }
  text[selected[place] + 1u] = best;
  reviews[b * REVIEW_WORDS + THOUGHTS_AT + p.hop] = best;
}
