import type { BufferOwner, Slice } from '../../src/gpu/buffers';
import type { Gpu } from '../../src/gpu/device';
import type { Readback } from '../../src/gpu/readback';
import type { Recorder } from '../../src/gpu/recorder';
import type { ParameterTable } from '../../src/models/parameters';
import type { Weights } from './contender';

/** What every task works with; its buffers are its own, so that dispose frees them together. */
export interface Bench {
  gpu: Gpu;
  owner: BufferOwner;
  recorder: Recorder;
  readback: Readback;
}

/** Writes the weights to their places in an arena. */
export function uploadWeights({ gpu }: Bench, table: ParameterTable, weights: Weights, params: Slice): void {
  const arena = new Float32Array(table.size);
  for (const { name, offset, size } of table.entries) {
    const tensor = weights.get(name);
    if (tensor?.length !== size) throw new RangeError(`the weights lack ${name} of ${size} numbers`);
    arena.set(tensor, offset);
  }
  gpu.device.queue.writeBuffer(params.buffer, params.offset, arena);
}

/** (rows,columns) of a buffer whose rows are `stride` floats apart. */
export async function readRows(
  { readback }: Bench,
  slice: Slice,
  rows: number,
  columns: number,
  stride: number,
): Promise<Float32Array> {
  const padded = await readback.readF32(slice, rows * stride);
  if (stride === columns) return padded;
  const packed = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) packed.set(padded.subarray(r * stride, r * stride + columns), r * columns);
  return packed;
}
