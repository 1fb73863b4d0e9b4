import type { TransformerShape } from '../../../../src/models/parameters';
import type { Weights } from '../../contender';

export const EMBEDDING = 'model.embed_tokens';
export const FINAL_NORM = 'model.norm';

export function ofLayer(layer: number, name: string): string {
  return `model.layers.${layer}.${name}`;
}

/** @throws Error where the weight is missing */
export function weightOf(weights: Weights, name: string): Float32Array {
  const weight = weights.get(`${name}.weight`);
  if (weight === undefined) throw new Error(`weight ${name} is missing`);
  return weight;
}

/** (cols,rows) from (rows,cols). */
export function transposed(x: Float32Array, rows: number, cols: number): Float32Array {
  return Float32Array.from({ length: rows * cols }, (_, i) => x[(i % rows) * cols + Math.floor(i / rows)] ?? 0);
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Angle by which RoPE turns the pairs that dimension `d` of a head belongs to. */
export function angleOf({ headDim, ropeTheta }: TransformerShape, position: number, d: number): number {
  return position * ropeTheta ** (-(2 * (d % (headDim / 2))) / headDim);
}

/** @throws RangeError for grouped heads: this peer is written for heads with keys of their own, as those compared have */
export function requireOwnKeys({ heads, kvHeads }: TransformerShape): void {
  if (heads !== kvHeads)
    throw new RangeError(`the tfjs peer cannot share ${kvHeads} key/value heads between ${heads} heads`);
}
