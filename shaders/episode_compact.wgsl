// Lists the active rows in ascending order and prepares their next decoding step: the row, its newest token, how many cached
// keys that token sees, the counter of the next random number, and the workgroup counts of every dispatch of the step.
// rows (B), tokens (B,T), active (1 + B): the count, then the rows; inputs (B): tokens; lengths (B); counters (B) u32x4 =
// (position, logical row, update, attempt * 65536 + replicate); groups: per table entry (mul, div, y) the indirect arguments
// (ceil(count * mul / div), y, 1). One workgroup: lane l takes a run of rows, so the order is that of the rows.
// @include "episode.wgsl"

struct Params { rows: u32, positions: u32, update: u32, replicate: u32, table_size: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> active_rows: array<u32>;
@group(0) @binding(5) var<storage, read_write> inputs: array<u32>;
@group(0) @binding(6) var<storage, read_write> lengths: array<u32>;
@group(0) @binding(7) var<storage, read_write> counters: array<vec4u>;
@group(0) @binding(8) var<storage, read_write> groups: array<u32>;

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
      counters[n] = vec4u(position + 1u, rows[b].logical_row, p.update, rows[b].attempt * 65536u + p.replicate);
      n++;
    }
  }
  if (lane == 0u) { active_rows[0] = total; }
  for (var e = lane; e < p.table_size; e += 64u) {
    let entry = table[e];
    groups[e * 3u] = (total * entry.x + entry.y - 1u) / entry.y;
    groups[e * 3u + 1u] = entry.z;
    groups[e * 3u + 2u] = 1u;
  }
}
