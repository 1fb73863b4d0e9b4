import type { Slice } from '../gpu/buffers';

/** Workgroups of the element-wise kernels along x; they take block y * 32768 + x, since one dimension ends at 65,535. */
const GRID_X = 32768;

/** Workgroup counts for `elements` at 64 a workgroup, in the two-dimensional numbering of the element-wise kernels. */
export function elementGrid(elements: number): [number, number, number] {
  const blocks = Math.ceil(elements / 64);
  return blocks <= GRID_X ? [blocks, 1, 1] : [GRID_X, Math.ceil(blocks / GRID_X), 1];
}

/** Either a number of rows known on the CPU, or a place on the GPU where workgroup counts for them stand. */
export type Groups = readonly [number, number, number] | { readonly indirect: Slice; readonly byteOffset: number };
