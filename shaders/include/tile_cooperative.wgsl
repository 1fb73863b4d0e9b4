// The tile of tile.wgsl for GPUs (COOPERATIVE = 1): a workgroup of 8 x SLICES invocations holds one octet, TILE_ROWS rows x 64 columns,
// and its slice y sums the inner indices y, y + SLICES, ... So even the few rows of a decoded token fill thousands of lanes, and no lane
// walks a long row alone. Partial sums meet in workgroup memory, slice by slice in ascending order: an output's bits depend on the inner
// dimension alone, not on TILE_ROWS or the number of rows.

// @if COOPERATIVE
const SLICES: u32 = 8u;

// Four rows. Indices into the arrays are known once the loops unroll: one that is not puts all of them into memory.
struct Rows { s: array<vec4f, 4>, t: array<vec4f, 4>, squares: vec4f }
// With TILE_ROWS = 4 the second four are left out.
struct Part { low: Rows, high: Rows }
struct Pair { s: vec4f, t: vec4f }

// Four rows of every slice: [quad][slice][row][tile], so that neighbours of a row lie side by side.
var<workgroup> parts: array<vec4f, 2u * SLICES * 32u>;
var<workgroup> squares_of: array<vec4f, SLICES>;

fn no_rows() -> Rows {
  var rows: Rows;
  for (var r = 0u; r < 4u; r++) {
    rows.s[r] = vec4f();
    rows.t[r] = vec4f();
  }
  rows.squares = vec4f();
  return rows;
}

// Adds the products of four numbers of A with a row of B: an outer product.
fn add_outer(rows: ptr<function, Rows>, v: vec4f, f: vec4f, g: vec4f) {
  for (var r = 0u; r < 4u; r++) {
    (*rows).s[r] += v[r] * f;
    (*rows).t[r] += v[r] * g;
  }
}

// Rows row .. row + TILE_ROWS - 1 (those past `last` repeat it), columns of quads c (s) and d (t).
fn tile_slice(row: u32, last: u32, lda: u32, inner: u32, c: u32, d: u32, ldb4: u32, slice: u32) -> Part {
  var low = no_rows();
  var high = no_rows();
  let starts = min(vec4u(row, row + 1u, row + 2u, row + 3u), vec4u(last)) * lda;
  let others = min(vec4u(row + 4u, row + 5u, row + 6u, row + 7u), vec4u(last)) * lda;
  for (var k = slice; k < inner; k += SLICES) {
    let f = b[k * ldb4 + c];
    let g = b[k * ldb4 + d];
    let v = vec4f(a[starts.x + k], a[starts.y + k], a[starts.z + k], a[starts.w + k]);
    add_outer(&low, v, f, g);
    if (NORMALISE != 0u) { low.squares += v * v; }
    if (TILE_ROWS > 4u) {
      let w = vec4f(a[others.x + k], a[others.y + k], a[others.z + k], a[others.w + k]);
      add_outer(&high, w, f, g);
      if (NORMALISE != 0u) { high.squares += w * w; }
    }
  }
  return Part(low, high);
}

// The sums of all slices for row lane.y of four, scaled by its norm with NORMALISE = 1; for lanes with y < 4. Holds barriers.
fn add_slices(rows: Rows, lane: vec2u, inner: u32, eps: f32) -> Pair {
  workgroupBarrier();
  for (var r = 0u; r < 4u; r++) {
    let at = lane.y * 32u + r * 8u + lane.x;
    parts[at] = rows.s[r];
    parts[SLICES * 32u + at] = rows.t[r];
  }
  if (NORMALISE != 0u && lane.x == 0u) { squares_of[lane.y] = rows.squares; }
  workgroupBarrier();
  var pair: Pair;
  if (lane.y >= 4u) { return pair; }
  var squares = vec4f();
  for (var slice = 0u; slice < SLICES; slice++) {
    let at = slice * 32u + lane.y * 8u + lane.x;
    pair.s += parts[at];
    pair.t += parts[SLICES * 32u + at];
    if (NORMALISE != 0u) { squares += squares_of[slice]; }
  }
  if (NORMALISE != 0u) {
    let factor = norm_factor(squares[lane.y], inner, eps);
    pair.s *= factor;
    pair.t *= factor;
  }
  return pair;
}
// @end
