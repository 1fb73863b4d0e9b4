import type { Recorder } from '../gpu/recorder';
import { blockGrid } from './grid';

/**
 * How a kernel whose shader includes row_lanes.wgsl is launched over `rows`: an invocation a row, 32 a workgroup, or in the cooperative
 * variants a workgroup of 64 a row.
 */
export function rowLanes({ gpu }: Recorder, rows: number) {
  return gpu.variants.cooperative
    ? { workgroups: blockGrid(rows), constants: { COOPERATIVE: 1, GROUP: 64 } }
    : { workgroups: blockGrid(Math.ceil(rows / 32)), constants: { COOPERATIVE: 0, GROUP: 32 } };
}
