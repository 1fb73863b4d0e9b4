// Decoding: rotates the new token's queries in place, and writes its rotated keys and its values into the row's cache.
// active_rows (N), lengths (N): the new token stands at position lengths[n] - 1. qkv (N,ld), table (T,D/2) of (cos, sin),
// cache (B,T,2*KV*D). One invocation: one pair of coordinates of one head (queries, then keys, then values).

struct Params { rows: u32, ld: u32, heads: u32, kv_heads: u32, half_dim: u32, positions: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> lengths: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<vec2f>;
@group(0) @binding(4) var<storage, read> active_count: array<u32>;
@group(0) @binding(5) var<storage, read_write> qkv: array<f32>;
@group(0) @binding(6) var<storage, read_write> cache: array<f32>;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = group.x;
  // Entries past the active ones name rows that must not be touched.
  if (n >= min(p.rows, active_count[0])) { return; }
  let pairs = (p.heads + 2u * p.kv_heads) * p.half_dim;
  let position = lengths[n] - 1u;
  let width = 2u * p.kv_heads * 2u * p.half_dim;
  let slot = (active_rows[n] * p.positions + position) * width;
  for (var e = lane; e < pairs; e += 32u) {
    let head = e / p.half_dim;
    let j = e - head * p.half_dim;
    let at = n * p.ld + head * 2u * p.half_dim + j;
    var a = qkv[at];
    var b = qkv[at + p.half_dim];
    if (head < p.heads + p.kv_heads) {
      let turn = table[position * p.half_dim + j];
      let rotated = a * turn.x - b * turn.y;
      b = b * turn.x + a * turn.y;
      a = rotated;
    }
    if (head < p.heads) {
      qkv[at] = a;
      qkv[at + p.half_dim] = b;
    } else {
      let column = (head - p.heads) * 2u * p.half_dim + j;
      cache[slot + column] = a;
      cache[slot + column + p.half_dim] = b;
    }
  }
}
