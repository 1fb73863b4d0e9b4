// attention_forward for GPUs; formulas and layouts stand there. One workgroup: ROWS queries of one head (attention_cells.wgsl), along y
// the 32 / ROWS parts of an item for every head. The softmax streams over blocks of keys.
// @include "lowest.wgsl"
// @include "load_head.wgsl"
// @include "attention_cells.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
// @if WHOLE
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f>;
// @else
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
// @end
@group(0) @binding(4) var<storage, read_write> logsumexp: array<f32>;

var<workgroup> scores: array<f32, ROWS * PAIR_STRIDE>;

fn store_out(base: u32, quad: u32, value: vec4f) {
  // @if WHOLE
  out[base / 4u + quad] = value;
  // @else
  for (var e = 0u; e < min(4u, p.head_dim - quad * 4u); e++) {
    out[base + quad * 4u + e] = value[e];
  }
  // @end
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let place = place_of(group);
  let first = place.x;
  let last = place.y;
  let start = place.z;
  let head = place.w;
  if (start > last) { return; }
  let row = lane / QUADS;
  let quad = lane % QUADS;
  let i = start + row;
  let kv = head * p.kv_heads / p.heads;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  if (row < ROWS) {
    // Queries past the end repeat the last one and are not stored.
    cells[row * CELL_STRIDE + quad] = load4((first + min(i, last)) * p.ld + head * HEAD_DIM, quad) * p.scale;
  }
  var acc = vec4f();
  var highest = F32_LOWEST;
  var sum = 0.0;
  let end = min(start + ROWS - 1u, last);
  for (var block = 0u; block <= end; block += BLOCK) {
    let count = min(BLOCK, end + 1u - block);
    workgroupBarrier();
    for (var pair = lane; pair < ROWS * count; pair += 64u) {
      let query = pair % ROWS;
      let key = pair / ROWS;
      var s = F32_LOWEST;
      if (block + key <= start + query) {
        let base = (first + block + key) * p.ld + k_col;
        s = 0.0;
        for (var d = 0u; d < QUADS; d++) {
          s += dot(cells[query * CELL_STRIDE + d], load4(base, d));
        }
      }
      scores[query * PAIR_STRIDE + key] = s;
    }
    workgroupBarrier();
    if (row < ROWS) {
      // All cells of a row find the same maximum and sum: cheaper than to tell each other.
      var top = highest;
      for (var key = 0u; key < count; key++) {
        top = max(top, scores[row * PAIR_STRIDE + key]);
      }
      // exp(0) need not be 1 to the last bit, and would add up.
      let shrink = select(exp(max(highest - top, -100.0)), 1.0, highest == top);
      highest = top;
      sum *= shrink;
      acc *= shrink;
      for (var key = 0u; key < count; key++) {
        let weight = select(0.0, exp(max(scores[row * PAIR_STRIDE + key] - top, -100.0)), block + key <= i);
        sum += weight;
        acc += weight * load4((first + block + key) * p.ld + v_col, quad);
      }
    }
  }
  if (row < ROWS && i <= last) {
    store_out(((first + i) * p.heads + head) * HEAD_DIM, quad, acc / sum);
    if (quad == 0u) { logsumexp[(first + i) * p.heads + head] = highest + log(sum); }
  }
}
