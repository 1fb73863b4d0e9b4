/**
 * The forward pass that is trained, as a function that jax-js differentiates and compiles.
 *
 * jax-js fuses element-wise chains into one kernel, but writes out every view (reshape, transpose) that both the forward and
 * the backward pass read, since autodiff keeps the operand of a product as it was given. `np.matmul` and `np.einsum` put such
 * a view before each product: three copies of the activations and of each weight a layer. So every operand is computed in the
 * very shape that the product takes: `np.vecdot` contracts the last axes of (rows, 1, in) and (out, in) without any view.
 * With einsum or np.matmul a step of the reference shape takes 516 dispatches instead of 371.
 */
import { lax, nn, numpy as np } from '@jax-js/jax';
import type { TransformerShape } from '../../../../src/models/parameters';
import type { Weights } from '../../contender';
import { EMBEDDING, FINAL_NORM, floats, LAYER, layerWeights, MASKED, rotation, weightOf } from './arrays';

// Types, not interfaces: only those count as trees of arrays.
export type LayerParams = {
  norm1: np.Array;
  /** (q + k + v features, width): one product and one gradient instead of three. */
  qkv: np.Array;
  out: np.Array;
  norm2: np.Array;
  /** Apart: a joint product takes 7 dispatches a layer less, but its halves are copied, 1 to 2% of a step on llvmpipe. */
  gate: np.Array;
  up: np.Array;
  down: np.Array;
};

/** Matrices are (out, in). */
export type Params = { embedding: np.Array; layers: LayerParams[]; norm: np.Array };

/** What depends on the length T alone, in the shapes in which it is used. */
export type Tables = {
  queryCos: np.Array;
  querySin: np.Array;
  keyCos: np.Array;
  keySin: np.Array;
  /** (T,T) 0 where a query may look, else MASKED: an added term fuses into the product of the scores, `np.where` would not. */
  mask: np.Array;
};

export function loadParams(shape: TransformerShape, weights: Weights): Params {
  const { vocab, width, layers, heads, kvHeads, headDim, ffn } = shape;
  return {
    embedding: floats(weightOf(weights, EMBEDDING), [vocab, width]),
    layers: Array.from({ length: layers }, (_, l): LayerParams => {
      const matrix = (out: number, inner: number, ...parts: Parameters<typeof layerWeights>[2][]) =>
        floats(layerWeights(weights, l, ...parts), [out, inner]);
      return {
        norm1: floats(layerWeights(weights, l, LAYER.norm1), [width]),
        qkv: matrix((heads + 2 * kvHeads) * headDim, width, LAYER.q, LAYER.k, LAYER.v),
        out: matrix(width, heads * headDim, LAYER.out),
        norm2: floats(layerWeights(weights, l, LAYER.norm2), [width]),
        gate: matrix(ffn, width, LAYER.gate),
        up: matrix(ffn, width, LAYER.up),
        down: matrix(width, ffn, LAYER.down),
      };
    }),
    norm: floats(weightOf(weights, FINAL_NORM), [width]),
  };
}

export function loadTables(shape: TransformerShape, length: number): Tables {
  const rotations = Array.from({ length }, (_, t) => rotation(shape, t));
  const table = (values: number[][], dims: number[]) => floats(Float32Array.from(values.flat()), dims);
  const cos = rotations.map((r) => r.cos);
  const sin = rotations.map((r) => r.sin);
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? MASKED : 0,
  );
  return {
    queryCos: table(cos, [length, 1, shape.headDim]),
    querySin: table(sin, [length, 1, shape.headDim]),
    keyCos: table(cos, [length, shape.headDim]),
    keySin: table(sin, [length, shape.headDim]),
    mask: floats(mask, [length, length]),
  };
}

/** (rows, width) -> the same in `dims`, which ends in width and begins with rows. Consumes x and w. */
function rmsNorm(x: np.Array, w: np.Array, eps: number, dims: number[]): np.Array {
  const [rows = 0] = x.shape;
  const root = np.sqrt(np.square(x.ref).mean(-1).add(eps)).reshape([rows, 1]);
  return x.mul(np.reciprocal(root)).reshape(dims).mul(w);
}

/** Logits (rows, vocab) of `tokens` (rows), whole sequences of T. Consumes its arguments. */
export function forward(shape: TransformerShape, params: Params, tokens: np.Array, tables: Tables): np.Array {
  const { width: C, heads, kvHeads: K, headDim: D, ffn: F, rmsEps: eps } = shape;
  const G = heads / K;
  const R = tokens.size;
  const [T = 0] = tables.mask.shape;
  const B = R / T;
  const { queryCos, querySin, keyCos, keySin, mask } = tables;
  // A gather, whose gradient is a scatter. A one-hot product would add two products and two arrays of (rows, vocab).
  let h = np.take(params.embedding.ref, tokens, 0);
  const asQueries = (x: np.Array) => x.reshape([B, T, K, G, D]).transpose([0, 2, 3, 1, 4]).reshape([B, K, G, T, 1, D]);
  const asKeys = (x: np.Array) => x.reshape([B, T, K, D]).transpose([0, 2, 1, 3]).reshape([B, K, 1, 1, T, D]);
  const rotate = (x: np.Array, as: (x: np.Array) => np.Array, cos: np.Array, sin: np.Array) => {
    const swapped = np.flip(x.ref.reshape([R, -1, 2, D / 2]), 2).reshape(x.shape);
    return as(x).mul(cos).add(as(swapped).mul(sin));
  };
  for (const layer of params.layers) {
    const qkv = np.vecdot(rmsNorm(h.ref, layer.norm1, eps, [R, 1, C]), layer.qkv);
    const features = (from: number, to: number) => qkv.ref.slice([], [from * D, to * D]);
    const q = rotate(features(0, heads), asQueries, queryCos.ref, querySin.ref);
    const k = rotate(features(heads, heads + K), asKeys, keyCos.ref, keySin.ref);
    const v = features(heads + K, heads + 2 * K)
      .reshape([B, T, K, D])
      .transpose([0, 2, 3, 1])
      .reshape([B, K, 1, 1, D, T]);
    qkv.dispose();
    // nn.dotProductAttention masks by `where` and divides every weight by its row's sum: 8 kernels over (heads, T, T) forward
    // and backward. Here the mask is added within the product and the sum divides the outputs, T / D times fewer: 4 kernels.
    const scores = np
      .vecdot(q, k)
      .mul(1 / Math.sqrt(D))
      .add(mask.ref);
    const highest = lax.stopGradient(np.max(scores.ref, -1, { keepdims: true }));
    const weights = np.exp(scores.sub(highest).reshape([B, K, G, T, 1, T]));
    const scale = np.reciprocal(weights.ref.sum(-1));
    const attended = np
      .vecdot(weights, v)
      .mul(scale)
      .transpose([0, 3, 1, 2, 4])
      .reshape([R, 1, heads * D]);
    h = h.add(np.vecdot(attended, layer.out));
    const x = rmsNorm(h.ref, layer.norm2, eps, [R, 1, 1, C]);
    const gate = np.vecdot(x.ref, layer.gate.reshape([1, F, C]));
    const up = np.vecdot(x, layer.up.reshape([1, F, C]));
    h = h.add(np.vecdot(nn.silu(gate).mul(up), layer.down));
  }
  for (const table of [queryCos, querySin, keyCos, keySin, mask]) table.dispose();
  return np.vecdot(rmsNorm(h, params.norm, eps, [R, 1, C]), params.embedding);
}

/** Mean cross-entropy of `targets` (rows) under `forward`. Consumes its arguments. */
export function meanLoss(
  shape: TransformerShape,
  params: Params,
  tokens: np.Array,
  targets: np.Array,
  tables: Tables,
): np.Array {
  const rows = targets.size;
  const logits = forward(shape, params, tokens, tables);
  const highest = lax.stopGradient(np.max(logits.ref, -1));
  const shifted = logits.ref.sub(highest.ref.reshape([rows, 1]));
  const logSum = np.log(np.exp(shifted).sum(-1)).add(highest);
  // nn.logSoftmax times one-hot targets takes 6 kernels over (rows, vocab), this 4.
  const hit = targets.reshape([rows, 1]).equal(np.arange(shape.vocab));
  return logSum.sub(np.where(hit, logits, 0).sum(-1)).mean();
}
