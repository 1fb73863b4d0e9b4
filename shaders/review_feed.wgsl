// Leads a refiner of its own through finished trajectories, which another network wrote: every row that is to be reviewed (cut
// `attempt` times, as in review_begin) becomes active at position `step`, so that the next decoding step reads the token there,
// as long as there is one. rows (B). One invocation: one row.
// @include "episode.wgsl"

struct Params { rows: u32, step: u32, attempt: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> rows: array<Row>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= p.rows || rows[b].steps == 0u || rows[b].attempt != p.attempt) { return; }
  rows[b].position = p.step;
  rows[b].is_active = select(0u, 1u, p.step < rows[b].length);
}
