import { getWebGPUDevice, numpy as np } from '@jax-js/jax';
import type { TransformerShape } from '../../../../src/models/parameters';
import type { Weights } from '../../contender';

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';

/** The parts of a layer's names between its number and `.weight`. */
export const LAYER = {
  norm1: 'input_layernorm',
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  out: 'self_attn.o_proj',
  norm2: 'post_attention_layernorm',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
} as const;

type LayerPart = (typeof LAYER)[keyof typeof LAYER];

/** @throws Error where a weight is missing */
export function weightOf(weights: Weights, name: string): Float32Array {
  const data = weights.get(name);
  if (data === undefined) throw new Error(`the weights lack ${name}`);
  return data;
}

/** One or more weights of a layer, one behind the other. */
export function layerWeights(
  weights: Weights,
  layer: number,
  ...parts: readonly LayerPart[]
): Float32Array<ArrayBuffer> {
  const found = parts.map((part) => weightOf(weights, `model.layers.${layer}.${part}.weight`));
  const all = new Float32Array(found.reduce((size, { length }) => size + length, 0));
  let end = 0;
  for (const data of found) {
    all.set(data, end);
    end += data.length;
  }
  return all;
}

/** On the device at once; jax-js keeps no reference to `data`. */
export function floats(data: Float32Array, shape: number[]): np.Array {
  return np.array(new Float32Array(data), { shape });
}

/** Token numbers; jax-js indexes by int32. */
export function integers(data: Uint32Array, shape: number[]): np.Array {
  return np.array(Int32Array.from(data), { shape });
}

/** (rows, columns) -> (columns, rows). */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c] ?? 0;
  }
  return result;
}

/**
 * Cosines and signed sines of one position for rotate-half RoPE: x cos + flip(x) sin, where flip swaps the halves of a head.
 * A swap is a view to jax-js, so the rotation is one kernel, where split, negation and concatenation would be three.
 */
export function rotation({ headDim, ropeTheta }: TransformerShape, position: number): { cos: number[]; sin: number[] } {
  const angles = Array.from({ length: headDim / 2 }, (_, i) => position * ropeTheta ** ((-2 * i) / headDim));
  const cos = angles.map(Math.cos);
  const sin = angles.map(Math.sin);
  return { cos: [...cos, ...cos], sin: [...sin.map((x) => -x), ...sin] };
}

/** Added to scores that must not count. Not -Infinity, as exp(-Infinity - -Infinity) is not a number. */
export const MASKED = -1e30;

/** @throws Error where jax-js gave something else, which it does for no float32 array */
export async function readFloats(array: np.Array): Promise<Float32Array> {
  const data = await array.data();
  if (!(data instanceof Float32Array)) throw new Error('jax-js did not return float32');
  return data;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** Whether the adapter computes on the CPU, where copying costs more than dispatching. */
export function onSoftwareAdapter(): boolean {
  const { vendor, architecture, device, description, isFallbackAdapter } = getWebGPUDevice().adapterInfo;
  return isFallbackAdapter || SOFTWARE.test([vendor, architecture, device, description].join(' '));
}
