// Lists what the next decoding step feeds: of every active row the tokens from its position on, in ascending order of the rows.
// With last = 1 a row is fed all that it has, and its newest token decides the next one; rows that wait for passages are left out.
// With last = 0 it is fed at most `block` tokens and never its newest: the beginning of a long text.
// rows (B) move on by what is fed; tokens (B,T). active (64 + B): the count in word 0, from word 64 on the rows whose newest token
// is fed. fed (64 + F): the same of all tokens that are fed, first the newest of each row in the order of `active`, then the
// others in the order of rows and positions. For each of fed: inputs (F), its token; lengths (F), how many cached keys it sees.
// For each of active: uniforms (B), the first word of Philox at (position behind it, logical row, update, attempt * 65536 +
// replicate) under (key0, key1), in [0, 1).
// Tokens are only read; they lie in the buffer of the rows, which a dispatch binds one way.
// One workgroup: lane l takes a run of rows, so the order is that of the rows.
// @include "philox.wgsl"
// @include "episode.wgsl"

struct Params { rows: u32, positions: u32, update: u32, key0: u32, key1: u32, block: u32, last: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> rows: array<Row>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> active_rows: array<u32>;
@group(0) @binding(4) var<storage, read_write> fed: array<u32>;
@group(0) @binding(5) var<storage, read_write> inputs: array<u32>;
@group(0) @binding(6) var<storage, read_write> lengths: array<u32>;
@group(0) @binding(7) var<storage, read_write> uniforms: array<f32>;

// The newest tokens and the others of a lane's rows.
var<workgroup> found: array<vec2u, 64>;

// Of row b: (whether its newest token is fed, the number of others).
fn due(b: u32) -> vec2u {
  if (rows[b].is_active == 0u) { return vec2u(); }
  let others = rows[b].length - 1u - rows[b].position;
  if (p.last == 0u) { return vec2u(0u, min(others, p.block)); }
  if (rows[b].pending != 0u) { return vec2u(); }
  return vec2u(1u, others);
}

fn feed(n: u32, b: u32, position: u32) {
  fed[64u + n] = b;
  inputs[n] = tokens[b * p.positions + position];
  lengths[n] = position + 1u;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  let run = (p.rows + 63u) / 64u;
  let start = min(lane * run, p.rows);
  let stop = min(start + run, p.rows);
  var mine = vec2u();
  for (var b = start; b < stop; b++) {
    mine += due(b);
  }
  found[lane] = mine;
  workgroupBarrier();
  var before = vec2u();
  var total = vec2u();
  for (var l = 0u; l < 64u; l++) {
    if (l < lane) { before += found[l]; }
    total += found[l];
  }
  var n = before.x;
  var other = total.x + before.y;
  for (var b = start; b < stop; b++) {
    let count = due(b);
    var position = rows[b].position;
    for (var i = 0u; i < count.y; i++) {
      feed(other, b, position);
      other++;
      position++;
    }
    if (count.x != 0u) {
      // active_rows[0 .. 63] hold the count (a binding of its own starts at a multiple of 256 bytes).
      active_rows[64u + n] = b;
      feed(n, b, position);
      position++;
      let counter = vec4u(position, rows[b].logical_row, p.update, rows[b].attempt * 65536u + rows[b].replicate);
      uniforms[n] = uniform_from_word(philox4x32(counter, vec2u(p.key0, p.key1)).x);
      n++;
    }
    rows[b].position = position;
  }
  if (lane == 0u) {
    active_rows[0] = total.x;
    fed[0] = total.x + total.y;
  }
}
