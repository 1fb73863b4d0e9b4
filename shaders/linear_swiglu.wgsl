// hidden = silu(g) * u with g and u the two halves of x W^T; with NORMALISE = 1 of rmsnorm(x) W^T, whose gain stands in the weights.
// x (N,K), hidden (N,F); with KEEP = 1 gate_up (N,2F) = [g | u] is saved for backward. b: W^T in tiles of 4 gates and their 4 ups
// (transpose_weights with half = F). With LIMITED = 1 only rows below limit[0]; WHOLE = 1 says that F is a multiple
// of 4. One invocation: a tile (tile.wgsl) of 4 gates and their 4 ups.
// @include "tile_main.wgsl"

struct Params { rows: u32, inner: u32, ffn: u32, tiles: u32, eps: f32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read> limit: array<u32>;
// @if WHOLE
@group(0) @binding(4) var<storage, read_write> gate_up: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> hidden: array<vec4f>;
// @else
@group(0) @binding(4) var<storage, read_write> gate_up: array<f32>;
@group(0) @binding(5) var<storage, read_write> hidden: array<f32>;
// @end

fn row_count() -> u32 {
  if (LIMITED != 0u) { return min(p.rows, limit[0]); }
  return p.rows;
}

fn store_tile(row: u32, rows: u32, j: u32, g: vec4f, u: vec4f) {
  let col = j * 4u;
  if (row >= rows || col >= p.ffn) { return; }
  // exp(80) is finite in float32; beyond it sigmoid is 0 to every digit that matters.
  let h = g / (1.0 + exp(min(-g, vec4f(80.0)))) * u;
  // @if WHOLE
  hidden[(row * p.ffn + col) / 4u] = h;
  if (KEEP != 0u) {
    gate_up[(row * 2u * p.ffn + col) / 4u] = g;
    gate_up[((row * 2u + 1u) * p.ffn + col) / 4u] = u;
  }
  // @else
  for (var e = 0u; e < 4u; e++) {
    if (col + e >= p.ffn) { break; }
    hidden[row * p.ffn + col + e] = h[e];
    if (KEEP != 0u) {
      let at = row * 2u * p.ffn + col + e;
      gate_up[at] = g[e];
      gate_up[at + p.ffn] = u[e];
    }
  }
  // @end
}
