// The three best passages for every row whose query is complete: score = sum of the fixed-point weights of the passage terms
// that are among the query's tokens; score descending, ties by passage id ascending. Integers only, so the CPU agrees exactly.
// terms and weights: u32x4 per passage of all worlds; a row searches passages passage_base .. + passage_count - 1.
// rows (B): `passages` of the newest search is written and `pending` cleared. One invocation: one active row.
// @include "episode.wgsl"

struct Params { capacity: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> terms: array<vec4u>;
@group(0) @binding(3) var<storage, read> weights: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> rows: array<Row>;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= min(p.capacity, active_rows[0])) { return; }
  let b = active_rows[64u + n];
  if (rows[b].pending == 0u) { return; }
  let first = rows[b].query[0];
  // A query of one token compares its second place with a token that no passage holds.
  let second = select(0xffffffffu, rows[b].query[1], rows[b].content > 1u);
  let base = rows[b].passage_base;
  let count = rows[b].passage_count;
  // Scores are kept plus one, so that 0 means an empty place.
  var best = vec3u();
  var ids = vec3u();
  for (var d = 0u; d < count; d++) {
    let t = terms[base + d];
    let hit = (t == vec4u(first)) | (t == vec4u(second));
    let w = select(vec4u(), weights[base + d], hit);
    let score = w.x + w.y + w.z + w.w + 1u;
    if (score > best.z) {
      if (score > best.x) {
        best = vec3u(score, best.xy);
        ids = vec3u(d, ids.xy);
      } else if (score > best.y) {
        best = vec3u(best.x, score, best.y);
        ids = vec3u(ids.x, d, ids.y);
      } else {
        best.z = score;
        ids.z = d;
      }
    }
  }
  let at = (rows[b].searches - 1u) * 3u;
  rows[b].passages[at] = ids.x;
  rows[b].passages[at + 1u] = ids.y;
  rows[b].passages[at + 2u] = ids.z;
  rows[b].pending = 0u;
}
