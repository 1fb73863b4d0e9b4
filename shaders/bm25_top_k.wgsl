// The three best passages for every row whose query is complete, and the information block with them behind the query:
// score = sum of the fixed-point weights of the passage terms that are among the query's tokens; score descending, ties by passage
// id ascending. Integers only, so the CPU agrees exactly.
// terms and weights: u32x4 per passage of all worlds, terms (source, subject, relation, object) the passage's tokens too; a row
// searches passages passage_base .. + passage_count - 1, of slot passage_base / stride. `postings` (slots, list_stride): for each
// token from content_base on where its list begins, then the lists, in which the best passages of the token come first
// (src/retrieval/postings.ts). `blank`: closed book, passages read as `?`.
// rows (B): `passages` of the newest search is written, the block appended to tokens (B,T) with 0 in log_probs and entropies (B,T),
// `pending` cleared. One invocation or one workgroup (COOPERATIVE = 1): one row.
// Of two lists the shorter is walked. What holds the other token alone scores as it stands in that list, so only its first three
// can be among the best.
// @include "episode.wgsl"

struct Params { rows: u32, positions: u32, blank: u32, stride: u32, list_stride: u32, content_base: u32, name_base: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> terms: array<vec4u>;
@group(0) @binding(2) var<storage, read> weights: array<vec4u>;
@group(0) @binding(3) var<storage, read> postings: array<u32>;
@group(0) @binding(4) var<storage, read_write> rows: array<Row>;
@group(0) @binding(5) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(7) var<storage, read_write> entropies: array<f32>;

// The best passages first. Scores are kept plus one, so that 0 means an empty place.
struct Best { scores: vec3u, ids: vec3u }

fn insert(best: ptr<function, Best>, score: u32, id: u32) {
  let old = *best;
  let before = (vec3u(score) > old.scores) | ((vec3u(score) == old.scores) & (vec3u(id) < old.ids));
  if (before.x) {
    *best = Best(vec3u(score, old.scores.xy), vec3u(id, old.ids.xy));
  } else if (before.y) {
    *best = Best(vec3u(old.scores.x, score, old.scores.y), vec3u(old.ids.x, id, old.ids.y));
  } else if (before.z) {
    *best = Best(vec3u(old.scores.xy, score), vec3u(old.ids.xy, id));
  }
}

// A query's two tokens, the rarer first, and their lists. Of a query of one token the rarer is one that no passage holds.
struct Query { rare: u32, other: u32, begin: vec2u, end: vec2u }

fn read_query(b: u32) -> Query {
  let list = rows[b].passage_base / p.stride * p.list_stride;
  let first = rows[b].query[0];
  let second = rows[b].query[1];
  let at = list + first - p.content_base;
  let one = Query(0xffffffffu, first, vec2u(0u, list + postings[at]), vec2u(0u, list + postings[at + 1u]));
  if (rows[b].content < 2u || first == second) { return one; }
  let next = list + second - p.content_base;
  let begin = list + postings[next];
  let end = list + postings[next + 1u];
  var q = Query(first, second, vec2u(one.begin.y, begin), vec2u(one.end.y, end));
  if (end - begin < one.end.y - one.begin.y) { q = Query(second, first, q.begin.yx, q.end.yx); }
  // No passage has two relations, so of neither list more than the first three can be among the best.
  if (max(first, second) < p.name_base) { q.end.x = min(q.end.x, q.begin.x + 3u); }
  return q;
}

// The best of every `step`th passage of the rarer token, from its place `from` on, and with `from` 0 of the other token's first.
fn search(b: u32, q: Query, start: u32, step: u32) -> Best {
  let base = rows[b].passage_base;
  var best = Best();
  for (var i = q.begin.x + start; i < q.end.x; i += step) {
    let d = postings[i];
    let t = terms[base + d];
    let w = select(vec4u(), weights[base + d], (t == vec4u(q.rare)) | (t == vec4u(q.other)));
    insert(&best, w.x + w.y + w.z + w.w + 1u, d);
  }
  if (start > 0u) { return best; }
  for (var i = q.begin.y; i < min(q.end.y, q.begin.y + 3u); i++) {
    let d = postings[i];
    let t = terms[base + d];
    let w = weights[base + d];
    // One with both tokens stands in the list that was walked.
    if (any((t == vec4u(q.rare)) & (w > vec4u()))) { continue; }
    let own = select(vec4u(), w, t == vec4u(q.other));
    insert(&best, own.x + own.y + own.z + own.w + 1u, d);
  }
  return best;
}

// Passages that score nothing fill the empty places.
fn fill(found: Best) -> Best {
  var best = found;
  for (var d = 0u; best.scores.z == 0u; d++) {
    if (!any((best.ids == vec3u(d)) & (best.scores > vec3u()))) { insert(&best, 1u, d); }
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

// Puts eight lists together, `step` apart; empty places change nothing.
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
  found[lane] = search(b, read_query(b), lane, 64u);
  workgroupBarrier();
  // The eighth lanes put eight lists together, each in the place of its own, which no other of them reads; lane 0 these.
  if (lane % 8u == 0u) { found[lane] = merge(lane, 1u); }
  workgroupBarrier();
  if (lane == 0u) { finish(b, fill(merge(0u, 8u))); }
}
// @else
@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= p.rows || rows[b].pending == 0u) { return; }
  finish(b, fill(search(b, read_query(b), 0u, 1u)));
}
// @end
