// What the cooperative attention kernels share. A workgroup of 64 invocations has ROWS rows (queries, or keys) of one head, and invocation
// l owns a cell: quad l % QUADS of row l / QUADS. Against every BLOCK rows of the other side all invocations compute the ROWS x BLOCK
// numbers that belong to a pair of rows, keep them in workgroup memory, and then each sums for its own cell. No invocation holds a whole
// vector, whose registers would spill, and none walks alone.

// One more than needed: neighbouring rows then lie in different banks.
const CELL_STRIDE: u32 = QUADS + 1u;
const PAIR_STRIDE: u32 = BLOCK + 1u;

var<workgroup> cells: array<vec4f, ROWS * CELL_STRIDE>;
var<workgroup> other_cells: array<vec4f, ROWS * CELL_STRIDE>;

// What workgroup (x, y) works on: (first row of its sequence, last position in it, first position of its own ROWS, head). Item x is one of
// 32 positions; along y its parts follow each other for every head.
fn place_of(group: vec3u) -> vec4u {
  let item = items[group.x];
  let parts = 32u / ROWS;
  return vec4u(item.x, item.y - 1u, item.z + group.y % parts * ROWS, group.y / parts);
}
