// attention_backward_query for GPUs; formulas and layouts stand there. One workgroup: ROWS queries of one head (attention_cells.wgsl),
// along y the 32 / ROWS parts of an item for every head.
// @include "load_head.wgsl"
// @include "load_gradient.wgsl"
// @include "rope_gradient.wgsl"
// @include "attention_cells.wgsl"

struct Params { ld: u32, heads: u32, kv_heads: u32, scale: f32, head_dim: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4u>;
// @if WHOLE
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> out: array<vec4f>;
@group(0) @binding(4) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<vec4f>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;

fn load_out(base: u32, quad: u32) -> vec4f {
  return out[base / 4u + quad];
}
// @else
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> out: array<f32>;
@group(0) @binding(4) var<storage, read> logsumexp: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;

fn load_out(base: u32, quad: u32) -> vec4f {
  var value = vec4f();
  for (var e = 0u; e < min(4u, HEAD_DIM - quad * 4u); e++) {
    value[e] = out[base + quad * 4u + e];
  }
  return value;
}
// @end

// dS of every pair, and before the first block delta's terms.
var<workgroup> gradients: array<f32, ROWS * PAIR_STRIDE>;
var<workgroup> terms: array<f32, ROWS * CELL_STRIDE>;
var<workgroup> delta_of: array<f32, ROWS>;
var<workgroup> lse_of: array<f32, ROWS>;

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
  // Queries past the end repeat the last one and are not stored.
  let query = first + min(i, last);
  let cell = row * CELL_STRIDE + quad;
  if (row < ROWS) {
    let o_base = (query * p.heads + head) * HEAD_DIM;
    let d_out = load_dout(o_base, quad);
    cells[cell] = load4(query * p.ld + head * HEAD_DIM, quad) * p.scale;
    other_cells[cell] = d_out;
    terms[cell] = dot(d_out, load_out(o_base, quad));
  }
  workgroupBarrier();
  if (row < ROWS && quad == 0u) {
    var total = 0.0;
    for (var d = 0u; d < QUADS; d++) {
      total += terms[row * CELL_STRIDE + d];
    }
    delta_of[row] = total;
    lse_of[row] = logsumexp[query * p.heads + head];
    if (i <= last) { delta[query * p.heads + head] = total; }
  }
  var dq = vec4f();
  let end = min(start + ROWS - 1u, last);
  for (var block = 0u; block <= end; block += BLOCK) {
    let count = min(BLOCK, end + 1u - block);
    workgroupBarrier();
    for (var pair = lane; pair < ROWS * count; pair += 64u) {
      let r = pair % ROWS;
      let key = pair / ROWS;
      var ds = 0.0;
      if (block + key <= start + r) {
        let base = (first + block + key) * p.ld;
        var s = 0.0;
        var dp = 0.0;
        for (var d = 0u; d < QUADS; d++) {
          s += dot(cells[r * CELL_STRIDE + d], load4(base + k_col, d));
          dp += dot(other_cells[r * CELL_STRIDE + d], load4(base + v_col, d));
        }
        ds = exp(clamp(s - lse_of[r], -100.0, 1.0)) * (dp - delta_of[r]);
      }
      gradients[r * PAIR_STRIDE + key] = ds;
    }
    workgroupBarrier();
    if (row < ROWS) {
      for (var key = 0u; key < count; key++) {
        dq += gradients[row * PAIR_STRIDE + key] * load4((first + block + key) * p.ld + k_col, quad);
      }
    }
  }
  let base = (first + i) * p.ld + head * HEAD_DIM;
  if (ROTATE == 0u) {
    if (row < ROWS && i <= last) { store_gradient(base, quad, dq * p.scale); }
    return;
  }
  // Pairs of coordinates lie in two cells.
  workgroupBarrier();
  if (row < ROWS) { cells[cell] = dq * p.scale; }
  workgroupBarrier();
  if (row < ROWS && i <= last && quad < QUADS / 2u) {
    store_turned(base, i, quad, cells[cell], cells[cell + QUADS / 2u]);
  }
}
