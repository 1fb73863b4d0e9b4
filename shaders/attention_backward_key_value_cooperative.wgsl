// attention_backward_key_value for GPUs; formulas and layouts stand there. One workgroup: ROWS keys of one key/value head
// (attention_cells.wgsl), along y the 32 / ROWS parts of an item for every such head. Sums run over heads, then queries, in ascending order.
// @include "load_head.wgsl"
// @include "load_gradient.wgsl"
// @include "rope_gradient.wgsl"
// @include "attention_cells.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
// @if WHOLE
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(4) var<storage, read> dout: array<vec4f>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<vec4f>;
// @else
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(4) var<storage, read> dout: array<f32>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<f32>;
// @end

// P and dS of every pair.
var<workgroup> weights: array<f32, ROWS * PAIR_STRIDE>;
var<workgroup> gradients: array<f32, ROWS * PAIR_STRIDE>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let place = place_of(group);
  let first = place.x;
  let last = place.y;
  let start = place.z;
  let kv = place.w;
  if (start > last) { return; }
  let row = lane / QUADS;
  let quad = lane % QUADS;
  let j = start + row;
  let k_col = (p.heads + kv) * HEAD_DIM;
  let v_col = (p.heads + p.kv_heads + kv) * HEAD_DIM;
  // Keys past the end repeat the last one and are not stored.
  let own = (first + min(j, last)) * p.ld;
  let cell = row * CELL_STRIDE + quad;
  if (row < ROWS) {
    cells[cell] = load4(own + k_col, quad) * p.scale;
    other_cells[cell] = load4(own + v_col, quad);
  }
  var dk = vec4f();
  var dv = vec4f();
  let share = p.heads / p.kv_heads;
  for (var h = kv * share; h < (kv + 1u) * share; h++) {
    for (var block = start; block <= last; block += BLOCK) {
      let count = min(BLOCK, last + 1u - block);
      workgroupBarrier();
      for (var pair = lane; pair < ROWS * count; pair += 64u) {
        let r = pair % ROWS;
        let query = first + block + pair / ROWS;
        var weight = 0.0;
        var ds = 0.0;
        if (query - first >= start + r) {
          let at = query * p.heads + h;
          let q_base = query * p.ld + h * HEAD_DIM;
          var s = 0.0;
          var dp = 0.0;
          for (var d = 0u; d < QUADS; d++) {
            s += dot(cells[r * CELL_STRIDE + d], load4(q_base, d));
            dp += dot(other_cells[r * CELL_STRIDE + d], load_dout(at * HEAD_DIM, d));
          }
          weight = exp(clamp(s - logsumexp[at], -100.0, 1.0));
          ds = weight * (dp - delta[at]);
        }
        weights[r * PAIR_STRIDE + pair / ROWS] = weight;
        gradients[r * PAIR_STRIDE + pair / ROWS] = ds;
      }
      workgroupBarrier();
      if (row < ROWS) {
        for (var n = 0u; n < count; n++) {
          let query = first + block + n;
          dv += weights[row * PAIR_STRIDE + n] * load_dout((query * p.heads + h) * HEAD_DIM, quad);
          dk += gradients[row * PAIR_STRIDE + n] * load4(query * p.ld + h * HEAD_DIM, quad);
        }
      }
    }
  }
  let base = (first + j) * p.ld;
  let stored = row < ROWS && j <= last;
  if (stored) { store_gradient(base + v_col, quad, dv); }
  if (ROTATE == 0u) {
    if (stored) { store_gradient(base + k_col, quad, dk * p.scale); }
    return;
  }
  // Pairs of coordinates lie in two cells.
  workgroupBarrier();
  if (row < ROWS) { cells[cell] = dk * p.scale; }
  workgroupBarrier();
  if (stored && quad < QUADS / 2u) {
    store_turned(base + k_col, j, quad, cells[cell], cells[cell + QUADS / 2u]);
  }
}
