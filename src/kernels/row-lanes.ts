import type { Recorder } from '../gpu/recorder';
import { blockGrid } from './grid';

/** Lanes of a row in the cooperative variants. */
const ROW_LANES = 64;

/**
 * How a kernel whose shader includes row_lanes.wgsl is launched over `rows`: an invocation a row, 32 a workgroup, or in the cooperative
 * variants 64 a row.
 *
 * @param together rows of a workgroup in the cooperative variants
 * @returns the workgroups as a count and as a grid, and the constants that the shader wants
 */
export function rowLanes({ gpu: { variants } }: Recorder, rows: number, together = 1) {
  const groupRows = variants.cooperative ? together : 32;
  const blocks = Math.ceil(rows / groupRows);
  return {
    blocks,
    workgroups: blockGrid(blocks),
    constants: variants.cooperative ? { COOPERATIVE: 1, GROUP: ROW_LANES * together } : { COOPERATIVE: 0, GROUP: 32 },
  };
}
