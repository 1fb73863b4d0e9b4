// Attention of one query over cached keys by a team of 64 invocations, for GPUs. Against every 64 keys each invocation finds one score;
// then invocation l sums quad l % QUADS of the values of every (64 / QUADS)-th key. No invocation holds a whole vector, and the keys are
// not walked one by one. The including kernel says how many TEAMS a workgroup has, and declares query4(source, quad) of a scaled query,
// load4(base, quad) of the cache, and `parts` with a quad for each invocation.
// @include "lowest.wgsl"

const QUADS: u32 = (HEAD_DIM + 3u) / 4u;
const KEY_SLICES: u32 = 64u / QUADS;

var<workgroup> scores: array<f32, TEAMS * 64u>;
var<workgroup> weight_sums: array<f32, TEAMS * 64u>;

// Quad `lane` of the head's output, for lanes below QUADS. Keys and values of position j stand j * width behind `keys` and `values`. All
// teams walk to `longest`, which is the same for the workgroup; a block past a team's own `end` changes nothing for it.
fn attend(team: u32, lane: u32, source: u32, keys: u32, values: u32, width: u32, end: u32, longest: u32) -> vec4f {
  let first = team * 64u;
  let slice = lane / QUADS;
  let quad = lane % QUADS;
  var acc = vec4f();
  var sum = 0.0;
  var highest = F32_LOWEST;
  for (var block = 0u; block < longest; block += 64u) {
    let count = min(64u, max(end, block) - block);
    workgroupBarrier();
    if (lane < count) {
      let base = keys + (block + lane) * width;
      var s = 0.0;
      for (var d = 0u; d < QUADS; d++) {
        s += dot(query4(source, d), load4(base, d));
      }
      scores[first + lane] = s;
    }
    workgroupBarrier();
    var top = highest;
    for (var key = 0u; key < count; key++) {
      top = max(top, scores[first + key]);
    }
    // exp(0) need not be 1 to the last bit, and would add up.
    let shrink = select(exp(max(highest - top, -100.0)), 1.0, highest == top);
    highest = top;
    acc *= shrink;
    sum *= shrink;
    for (var key = slice; key < count; key += KEY_SLICES) {
      let weight = exp(max(scores[first + key] - top, -100.0));
      sum += weight;
      acc += weight * load4(values + (block + key) * width, quad);
    }
  }
  parts[first + lane] = acc;
  weight_sums[first + lane] = sum;
  workgroupBarrier();
  acc = vec4f();
  sum = 0.0;
  if (lane < QUADS) {
    for (var s = 0u; s < KEY_SLICES; s++) {
      acc += parts[first + s * QUADS + lane];
      sum += weight_sums[first + s * QUADS + lane];
    }
  }
  return acc / max(sum, 1e-30);
}
