// The three best passages for every row whose query is complete, and the information block with them behind the query:
// score = sum of the fixed-point weights of the passage terms that are among the query's tokens; score descending, ties by passage
// id ascending. Integers only, so the CPU agrees exactly.
// terms and weights: u32x4 per passage of all worlds, terms (source, subject, relation, object) the passage's tokens too; a row
// searches passages passage_base .. + passage_count - 1. `blank`: closed book, passages read as `?`.
// rows (B): `passages` of the newest search is written, the block appended to tokens (B,T) with 0 in log_probs and entropies (B,T),
// `pending` cleared. One invocation or one workgroup (COOPERATIVE = 1): one row.
// @include "episode.wgsl"

struct Params { rows: u32, positions: u32, blank: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> terms: array<vec4u>;
@group(0) @binding(2) var<storage, read> weights: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> rows: array<Row>;
@group(0) @binding(4) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(5) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(6) var<storage, read_write> entropies: array<f32>;

// The best passages first. Scores are kept plus one, so that 0 means an empty place.
struct Best { scores: vec3u, ids: vec3u }

// Passages come in ascending order, so one that is as good as another stands behind it.
fn insert(best: ptr<function, Best>, score: u32, id: u32) {
  if (score <= (*best).scores.z) { return; }
  if (score > (*best).scores.x) {
    *best = Best(vec3u(score, (*best).scores.xy), vec3u(id, (*best).ids.xy));
  } else if (score > (*best).scores.y) {
    *best = Best(vec3u((*best).scores.x, score, (*best).scores.y), vec3u((*best).ids.x, id, (*best).ids.y));
  } else {
    (*best).scores.z = score;
    (*best).ids.z = id;
  }
}

// The best of passages start .. stop - 1 of row b's world.
fn search(b: u32, start: u32, stop: u32) -> Best {
  let first = rows[b].query[0];
  // A query of one token compares its second place with a token that no passage holds.
  let second = select(0xffffffffu, rows[b].query[1], rows[b].content > 1u);
  let base = rows[b].passage_base;
  var best = Best();
  for (var d = start; d < stop; d++) {
    let t = terms[base + d];
    let hit = (t == vec4u(first)) | (t == vec4u(second));
    let w = select(vec4u(), weights[base + d], hit);
    insert(&best, w.x + w.y + w.z + w.w + 1u, d);
  }
  return best;
}

fn force(at: u32, token: u32) {
  tokens[at] = token;
  log_probs[at] = 0.0;
  entropies[at] = 0.0;
}

fn finish(b: u32, best: Best) {
  let found_at = (rows[b].searches - 1u) * 3u;
  var at = b * p.positions + rows[b].length;
  force(at, TOKEN_INFORMATION);
  at++;
  for (var k = 0u; k < 3u; k++) {
    rows[b].passages[found_at + k] = best.ids[k];
    let passage = select(terms[rows[b].passage_base + best.ids[k]], vec4u(TOKEN_QUESTION), p.blank != 0u);
    for (var e = 0u; e < 4u; e++) {
      force(at, passage[e]);
      at++;
    }
  }
  force(at, TOKEN_END_INFORMATION);
  rows[b].length += INFORMATION_TOKENS;
  rows[b].phase = EXPECT_THINK;
  rows[b].pending = 0u;
}

// @if COOPERATIVE
var<workgroup> pending: u32;
var<workgroup> found: array<Best, 64>;

// Puts eight lists together, `step` apart and in ascending order of their passages; empty places change nothing.
fn merge(start: u32, step: u32) -> Best {
  var best = found[start];
  for (var l = 1u; l < 8u; l++) {
    let next = found[start + l * step];
    insert(&best, next.scores.x, next.ids.x);
    insert(&best, next.scores.y, next.ids.y);
    insert(&best, next.scores.z, next.ids.z);
  }
  return best;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let b = group.y * 32768u + group.x;
  if (b >= p.rows) { return; }
  if (lane == 0u) { pending = rows[b].pending; }
  if (workgroupUniformLoad(&pending) == 0u) { return; }
  // Lane l takes a run of passages, so the order of the lanes is theirs.
  let count = rows[b].passage_count;
  let run = (count + 63u) / 64u;
  found[lane] = search(b, min(lane * run, count), min(lane * run + run, count));
  workgroupBarrier();
  // The eighth lanes put eight lists together, each in the place of its own, which no other of them reads; lane 0 these.
  if (lane % 8u == 0u) { found[lane] = merge(lane, 1u); }
  workgroupBarrier();
  if (lane == 0u) { finish(b, merge(0u, 8u)); }
}
// @else
@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= p.rows || rows[b].pending == 0u) { return; }
  finish(b, search(b, 0u, rows[b].passage_count));
}
// @end
