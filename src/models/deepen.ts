import { initialParameters } from './initialise';
import type { ParameterTable } from './parameters';

/** Matrices that write into the residual stream: where they are 0, their layer changes nothing. */
const INTO_THE_STREAM = /o_proj|down_proj/;

/**
 * The weights of a network as those of a deeper one that computes the same: its layers come first, and the further ones begin at
 * random but for what they write into the residual stream, which is 0 (as in function-preserving growth, arXiv 1511.05641). Their
 * first gradient is that of what they write.
 *
 * @param table of `params`
 * @param deeper of the same shape but for its layers, which are as many or more
 * @returns (deeper.size) floats
 */
export function deepened(
  table: ParameterTable,
  params: Float32Array<ArrayBuffer>,
  deeper: ParameterTable,
  initSeed: number,
): Float32Array<ArrayBuffer> {
  const arena = initialParameters(deeper, initSeed);
  for (const { name, offset, size } of deeper.entries) {
    const known = table.byName.get(name);
    if (known !== undefined) arena.set(params.subarray(known.offset, known.offset + known.size), offset);
    else if (INTO_THE_STREAM.test(name)) arena.fill(0, offset, offset + size);
  }
  return arena;
}
