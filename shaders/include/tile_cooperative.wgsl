// The tile of tile.wgsl for GPUs (COOPERATIVE = 1): a workgroup of 8 x SLICES invocations holds one octet, TILE_ROWS rows x 64 columns,
// and its slice y sums the inner indices y, y + SLICES, ... So even the few rows of a decoded token fill thousands of lanes, and no lane
// walks a long row alone. Partial sums meet in workgroup memory, slice by slice in ascending order: an output's bits depend on the inner
// dimension alone, not on TILE_ROWS or the number of rows.

// @if COOPERATIVE
const SLICES: u32 = 8u;

// The loops over rows unroll, so that the arrays are registers.
struct Part { s: array<vec4f, TILE_ROWS>, t: array<vec4f, TILE_ROWS>, squares: array<f32, TILE_ROWS> }
struct Pair { s: vec4f, t: vec4f }

// Four rows of every slice: [quad][slice][row][tile], so that neighbours of a row lie side by side.
var<workgroup> parts: array<vec4f, 2u * SLICES * 32u>;
var<workgroup> squares_of: array<f32, SLICES * 4u>;

// Rows row .. row + TILE_ROWS - 1 (those past `last` repeat it), columns of quads c (s) and d (t).
fn tile_slice(row: u32, last: u32, lda: u32, inner: u32, c: u32, d: u32, ldb4: u32, slice: u32) -> Part {
  var part: Part;
  var starts: array<u32, TILE_ROWS>;
  for (var r = 0u; r < TILE_ROWS; r++) {
    part.s[r] = vec4f();
    part.t[r] = vec4f();
    part.squares[r] = 0.0;
    starts[r] = min(row + r, last) * lda;
  }
  for (var k = slice; k < inner; k += SLICES) {
    let f = b[k * ldb4 + c];
    let g = b[k * ldb4 + d];
    for (var r = 0u; r < TILE_ROWS; r++) {
      let v = a[starts[r] + k];
      part.s[r] += v * f;
      part.t[r] += v * g;
      if (NORMALISE != 0u) { part.squares[r] += v * v; }
    }
  }
  return part;
}

// The sums of all slices for row first + lane.y, scaled by its norm with NORMALISE = 1; for lanes with y < 4. Holds barriers.
fn add_slices(part: ptr<function, Part>, first: u32, lane: vec2u, inner: u32, eps: f32) -> Pair {
  workgroupBarrier();
  for (var r = 0u; r < 4u; r++) {
    let at = lane.y * 32u + r * 8u + lane.x;
    parts[at] = (*part).s[first + r];
    parts[SLICES * 32u + at] = (*part).t[first + r];
    if (NORMALISE != 0u && lane.x == 0u) { squares_of[lane.y * 4u + r] = (*part).squares[first + r]; }
  }
  workgroupBarrier();
  var pair: Pair;
  if (lane.y >= 4u) { return pair; }
  var squares = 0.0;
  for (var slice = 0u; slice < SLICES; slice++) {
    let at = slice * 32u + lane.y * 8u + lane.x;
    pair.s += parts[at];
    pair.t += parts[SLICES * 32u + at];
    if (NORMALISE != 0u) { squares += squares_of[slice * 4u + lane.y]; }
  }
  if (NORMALISE != 0u) {
    let factor = norm_factor(squares, inner, eps);
    pair.s *= factor;
    pair.t *= factor;
  }
  return pair;
}
// @end
