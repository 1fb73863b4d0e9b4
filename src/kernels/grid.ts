/** Workgroups of the element-wise kernels along x; they take block y * 32768 + x, since one dimension ends at 65,535. */
const GRID_X = 32768;

/** Workgroup counts for `blocks` workgroups in the two-dimensional numbering of the element-wise kernels. */
export function blockGrid(blocks: number): [number, number, number] {
  return blocks <= GRID_X ? [blocks, 1, 1] : [GRID_X, Math.ceil(blocks / GRID_X), 1];
}

/** Workgroup counts for `elements` at 64 a workgroup. */
export function elementGrid(elements: number): [number, number, number] {
  return blockGrid(Math.ceil(elements / 64));
}
