import { PhiloxStream, PURPOSES } from '../lib/philox';
import type { ParameterEntry, ParameterTable } from './parameters';

/** Of the random numbers of a tensor: its initial weights have 0. */
const LANE = 1;
/** How far the parts of a unit's copies may be from equal. */
const SPREAD = 0.5;

/**
 * The weights of a network as those of a wider one that computes the same (Net2WiderNet, arXiv 1511.05641): every unit of the
 * residual stream, every head and every hidden unit is there several times, and what reads it takes a part of each copy, together
 * the whole. RMSNorm's mean over copies is that over the units. The output layer is the embedding once more, whose copies would all
 * count in full, so there the last norm takes the parts. They are drawn unequal: copies with equal parts would have equal
 * gradients and stay copies.
 *
 * @param table of `params`
 * @param wider with as many layers, all widths the same multiple of those of `table`, its heads as wide
 * @returns (wider.size) floats
 */
export function widened(
  table: ParameterTable,
  params: Float32Array<ArrayBuffer>,
  wider: ParameterTable,
  initSeed: number,
): Float32Array<ArrayBuffer> {
  const arena = new Float32Array(wider.size);
  wider.entries.forEach((entry, index) => {
    const from = table.byName.get(entry.name);
    if (from === undefined) return;
    const [outs, inner] = sizesOf(from);
    const [widerOuts, widerInner] = sizesOf(entry);
    // Tokens are no copies. What stands for units of the stream in the embedding and the inner norms is written, not read.
    const isRead =
      entry.name === 'model.norm.weight' || (from.shape.length > 1 && entry.name !== 'model.embed_tokens.weight');
    const stream = new PhiloxStream(initSeed, PURPOSES.init, index, LANE);
    const parts = isRead ? partsOf(inner, widerInner / inner, stream) : new Float64Array(widerInner).fill(1);
    for (let o = 0; o < widerOuts; o++) {
      const row = from.offset + (o % outs) * inner;
      for (let i = 0; i < widerInner; i++) {
        arena[entry.offset + o * widerInner + i] = (params[row + (i % inner)] ?? 0) * (parts[i] ?? 0);
      }
    }
  });
  return arena;
}

function sizesOf({ shape, size }: ParameterEntry): [outs: number, inner: number] {
  const inner = shape.at(-1) ?? size;
  return [size / inner, inner];
}

/** For each copy of each of so many units its part; those of a unit add up to 1. */
function partsOf(units: number, copies: number, stream: PhiloxStream): Float64Array {
  const parts = Float64Array.from({ length: units * copies }, () => 1 + SPREAD * (2 * stream.uniform() - 1));
  for (let i = 0; i < units; i++) {
    let sum = 0;
    for (let c = 0; c < copies; c++) sum += parts[c * units + i] ?? 0;
    for (let c = 0; c < copies; c++) parts[c * units + i] = (parts[c * units + i] ?? 0) / sum;
  }
  return parts;
}
