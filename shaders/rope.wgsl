// Rotary position embedding in place, rotate-half layout: coordinate j pairs with j + D/2.
//   y_j = x_j cos - x_{j+D/2} sin      y_{j+D/2} = x_{j+D/2} cos + x_j sin      backward: the same with -sin
// x (N,ld): the first `heads` * D columns of each row are rotated. positions (N) u32, table (T,D/2) of (cos, sin), made on
// the CPU because WGSL's own sin and cos promise an absolute error of 2^-11 only. One invocation: one pair of one head.

struct Params { rows: u32, ld: u32, heads: u32, half_dim: u32, direction: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> positions: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let e = (group.y * 32768u + group.x) * 64u + lane;
  let per_row = p.heads * p.half_dim;
  if (e >= p.rows * per_row) { return; }
  let n = e / per_row;
  let rest = e - n * per_row;
  let head = rest / p.half_dim;
  let j = rest - head * p.half_dim;
  let turn = table[positions[n] * p.half_dim + j];
  let s = turn.y * p.direction;
  let at = n * p.ld + head * 2u * p.half_dim + j;
  let a = x[at];
  let b = x[at + p.half_dim];
  x[at] = a * turn.x - b * s;
  x[at + p.half_dim] = b * turn.x + a * s;
}
