// Weights as the forward kernels read them: W^T of many matrices in one dispatch, columns in tiles of 8 = two quads h = 0, 1.
//   out[k, 8 j + 4 h + e] = W[o, k] * gain[k]      o = 2 half (j / quads) + half h + i,  i = 4 (j % quads) + e < half
// with quads = ceil(half / 4), and 0 where there is no such o. half = 4 keeps the order; half = D/2 puts the two coordinates
// that RoPE turns against each other into one tile, half = F the gate and the up column of SwiGLU.
// arena: all parameters. plan: for each block of 64 quads the number of its matrix, then its records (see transpose.ts).
// One invocation: one quad.

struct Params { blocks: u32, fold: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> arena: array<f32>;
@group(0) @binding(2) var<storage, read> plan: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let block = group.y * 32768u + group.x;
  if (block >= p.blocks) { return; }
  let record = p.blocks + plan[block] * 8u;
  let source = plan[record];
  let start = plan[record + 1u];
  let outs = plan[record + 2u];
  let inner = plan[record + 3u];
  let half_length = plan[record + 4u];
  let tiles = plan[record + 5u];
  let gain = plan[record + 6u];
  let q = block * 64u + lane - start;
  let k = q / (2u * tiles);
  if (k >= inner) { return; }
  let tile = (q / 2u) % tiles;
  let quads = (half_length + 3u) / 4u;
  let i = tile % quads * 4u;
  let first = tile / quads * 2u * half_length + q % 2u * half_length + i;
  var value = vec4f();
  for (var e = 0u; e < 4u; e++) {
    if (i + e < half_length && first + e < outs) {
      value[e] = arena[source + (first + e) * inner + k];
    }
  }
  if (p.fold != 0u && gain != 0u) {
    value *= arena[gain - 1u + k];
  }
  out[start + q] = value;
}
