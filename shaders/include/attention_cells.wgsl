// What the cooperative attention kernels share. A workgroup of 64 invocations has ROWS rows (queries, or keys) of one head, and invocation
// l owns a cell: quad l % QUADS of row l / QUADS. Against every BLOCK rows of the other side all invocations compute the ROWS x BLOCK
// numbers that belong to a pair of rows, keep them in workgroup memory, and then each sums for its own cell. No invocation holds a whole
// vector, whose registers would spill, and none walks alone.

// One more than needed: neighbouring rows then lie in different banks.
const CELL_STRIDE: u32 = QUADS + 1u;
const PAIR_STRIDE: u32 = BLOCK + 1u;

var<workgroup> cells: array<vec4f, ROWS * CELL_STRIDE>;
var<workgroup> other_cells: array<vec4f, ROWS * CELL_STRIDE>;
