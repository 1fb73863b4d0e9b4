// Lists the active rows in ascending order and prepares their next decoding step: the row, its newest token, how many cached
// keys that token sees, and the random number of its choice.
// rows (B), tokens (B,T); active (64 + B): the count in word 0, then the rows from word 64; inputs (B): tokens; lengths (B);
// uniforms (B): the first word of Philox at (position, logical row, update, attempt * 65536 + replicate) under (key0, key1), in [0, 1).
// One workgroup: lane l takes a run of rows, so the order is that of the rows.
// @include "philox.wgsl"
// @include "episode.wgsl"

struct Params { rows: u32, positions: u32, update: u32, key0: u32, key1: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> active_rows: array<u32>;
@group(0) @binding(4) var<storage, read_write> inputs: array<u32>;
@group(0) @binding(5) var<storage, read_write> lengths: array<u32>;
@group(0) @binding(6) var<storage, read_write> uniforms: array<f32>;

var<workgroup> found: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  let run = (p.rows + 63u) / 64u;
  let start = min(lane * run, p.rows);
  let stop = min(start + run, p.rows);
  var mine = 0u;
  for (var b = start; b < stop; b++) {
    mine += rows[b].is_active;
  }
  found[lane] = mine;
  workgroupBarrier();
  var n = 0u;
  var total = 0u;
  for (var l = 0u; l < 64u; l++) {
    if (l < lane) { n += found[l]; }
    total += found[l];
  }
  for (var b = start; b < stop; b++) {
    if (rows[b].is_active != 0u) {
      let position = rows[b].position;
      // active_rows[0 .. 63] hold the count (a binding of its own starts at a multiple of 256 bytes).
      active_rows[64u + n] = b;
      inputs[n] = tokens[b * p.positions + position];
      lengths[n] = position + 1u;
      let counter = vec4u(position + 1u, rows[b].logical_row, p.update, rows[b].attempt * 65536u + rows[b].replicate);
      uniforms[n] = uniform_from_word(philox4x32(counter, vec2u(p.key0, p.key1)).x);
      n++;
    }
  }
  if (lane == 0u) { active_rows[0] = total; }
}
