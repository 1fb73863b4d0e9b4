import { PhiloxStream, PURPOSES } from '../lib/philox';
import type { ParameterTable } from './parameters';

/** Standard deviation of the embedding at the start. */
const EMBEDDING_STD = 0.05;
/** Matrices start at GAIN / sqrt(width); those that write into the residual stream also divide by sqrt(2 layers). */
const GAIN = 0.4;

/**
 * The initial arena of a model: norms 1, the rest normal. Each tensor has a random stream of its own (row = its index in the
 * table), so changing one size never shifts another tensor's numbers.
 *
 * @returns (table.size) floats, gaps zero
 */
export function initialParameters(table: ParameterTable, initSeed: number): Float32Array<ArrayBuffer> {
  const { width, layers } = table.shape;
  const arena = new Float32Array(table.size);
  table.entries.forEach((entry, index) => {
    if (entry.shape.length === 1) {
      arena.fill(1, entry.offset, entry.offset + entry.size);
      return;
    }
    const stream = new PhiloxStream(initSeed, PURPOSES.init, index);
    const residual = /o_proj|down_proj/.test(entry.name) ? 1 / Math.sqrt(2 * layers) : 1;
    const std = entry.name === 'model.embed_tokens.weight' ? EMBEDDING_STD : (GAIN / Math.sqrt(width)) * residual;
    for (let i = 0; i < entry.size; i++) arena[entry.offset + i] = stream.normal() * std;
  });
  return arena;
}
