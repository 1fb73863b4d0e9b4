// Puts the control token <review> after every trajectory that has been cut `attempt` times, all of them finished, and makes its
// row active, so that one decoding step reads what has not been fed, its end; with whole = 1 all of it is fed again, to a network
// that has not read it. A row that a review accepted has been cut less often, so it is never read again.
// rows (B), tokens (B,T). One invocation: one row.
// @include "episode.wgsl"

struct Params { rows: u32, positions: u32, attempt: u32, whole: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> rows: array<Row>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  // A row without steps is idle: the batch may hold fewer trajectories than it has room for.
  if (b >= p.rows || rows[b].steps == 0u || rows[b].attempt != p.attempt) { return; }
  rows[b].is_active = 1u;
  tokens[b * p.positions + rows[b].length] = TOKEN_REVIEW;
  // It counts until the review has decided.
  rows[b].length += 1u;
  if (p.whole != 0u) { rows[b].position = 0u; }
}
