/**
 * Sampling with a key/value cache. jax-js cannot write into an array, so whatever changes is copied whole at each token: with
 * one cache of all positions, updated by `np.where` as its own demos do, these copies are half of the time on llvmpipe. On a
 * software adapter the newest WINDOW positions therefore form an array of their own, the only one that is rewritten at a token,
 * and join the earlier ones when it is full; the step is compiled once for each length of these. On a GPU dispatches should
 * cost more than copies (not measured), so there the window is as long as the sequence: 66 dispatches a token of the reference
 * shape instead of 80.
 */
import { jit, nn, numpy as np, random, tree } from '@jax-js/jax';
import type { TransformerShape } from '../../../../src/models/parameters';
import type { DecodeTask, DecodeWork, Weights } from '../../contender';
import {
  EMBEDDING,
  FINAL_NORM,
  floats,
  integers,
  LAYER,
  layerWeights,
  MASKED,
  onSoftwareAdapter,
  readFloats,
  rotation,
  transposed,
  weightOf,
} from './arrays';

/** On llvmpipe 16 takes an eighth longer, with 64 rows as with 192, though it compiles half as many steps. */
const WINDOW = 8;

/**
 * Matrices are (in, out), which for few rows is faster than (out, in): 5% of a run on llvmpipe. The weights of a norm are
 * multiplied into the matrices behind it, which leaves of a norm one factor for each row, and that one fuses into the product.
 */
type LayerParams = { qkv: np.Array; out: np.Array; gate: np.Array; up: np.Array; down: np.Array };
type Params = { embedding: np.Array; layers: LayerParams[]; head: np.Array };

/** What depends on the position alone. */
type Position = {
  /** (heads + 2 kvHeads, headDim): the values' heads are turned by nothing, so that one kernel serves all. */
  cos: np.Array;
  sin: np.Array;
  /** (window,1) true at the place of the new token. */
  here: np.Array;
  /** (window) 0 up to the new token, then MASKED. */
  mask: np.Array;
};

/** Keys and values of each layer, (rows, 2, kvHeads, positions, headDim). */
type Cache = np.Array[];

function loadParams(shape: TransformerShape, weights: Weights): Params {
  const { vocab, width, layers, heads, kvHeads, headDim, ffn } = shape;
  const matrix = (data: Float32Array, out: number, inner: number) => floats(transposed(data, out, inner), [inner, out]);
  const normed = (data: Float32Array, norm: Float32Array) => data.map((x, i) => x * (norm[i % width] ?? 0));
  const embedding = weightOf(weights, EMBEDDING);
  return {
    embedding: floats(embedding, [vocab, width]),
    layers: Array.from({ length: layers }, (_, l): LayerParams => {
      const of = (...parts: Parameters<typeof layerWeights>[2][]) => layerWeights(weights, l, ...parts);
      const features = (heads + 2 * kvHeads) * headDim;
      return {
        qkv: matrix(normed(of(LAYER.q, LAYER.k, LAYER.v), of(LAYER.norm1)), features, width),
        out: matrix(of(LAYER.out), width, heads * headDim),
        gate: matrix(normed(of(LAYER.gate), of(LAYER.norm2)), ffn, width),
        up: matrix(normed(of(LAYER.up), of(LAYER.norm2)), ffn, width),
        down: matrix(of(LAYER.down), width, ffn),
      };
    }),
    head: matrix(normed(embedding, weightOf(weights, FINAL_NORM)), vocab, width),
  };
}

function loadPosition(shape: TransformerShape, position: number, window: number): Position {
  const { heads, kvHeads, headDim } = shape;
  const { cos, sin } = rotation(shape, position);
  const place = position % window;
  const each = (turned: number[], still: number) =>
    floats(
      Float32Array.from(
        Array.from({ length: heads + 2 * kvHeads }, (_, h) =>
          h < heads + kvHeads ? turned : turned.map(() => still),
        ).flat(),
      ),
      [heads + 2 * kvHeads, headDim],
    );
  return {
    cos: each(cos, 1),
    sin: each(sin, 0),
    here: np.array(Array.from({ length: window }, (_, i) => i === place)).reshape([window, 1]),
    mask: floats(
      Float32Array.from({ length: window }, (_, i) => (i > place ? MASKED : 0)),
      [window],
    ),
  };
}

/** 1 / root mean square of each row of x (rows, width): (rows,1). Consumes x. */
function inverseNorm(x: np.Array, eps: number): np.Array {
  const [rows = 0] = x.shape;
  return np.reciprocal(np.sqrt(np.square(x).mean(-1).add(eps))).reshape([rows, 1]);
}

/**
 * Softmax attention of q (rows, kvHeads, group, headDim) over the positions before the window, if any, and those in it.
 * Consumes its arguments.
 *
 * @returns (rows, kvHeads, group, headDim)
 */
function attend(q: np.Array, past: np.Array | undefined, window: np.Array, mask: np.Array): np.Array {
  const [B = 0, K = 0, G = 0, D = 0] = q.shape;
  const score = (cache: np.Array) => {
    const keys = cache.slice([], 0);
    const [, , n = 0] = keys.shape;
    return np.vecdot(q.ref.reshape([B, K, G, 1, D]), keys.reshape([B, K, 1, n, D])).mul(1 / Math.sqrt(D));
  };
  const mix = (weights: np.Array, cache: np.Array) => {
    const [, , , n = 0] = weights.shape;
    const values = cache.slice([], 1).transpose([0, 1, 3, 2]).reshape([B, K, 1, D, n]);
    return np.vecdot(weights.reshape([B, K, G, 1, n]), values);
  };
  const inWindow = score(window.ref).add(mask);
  const scores = past === undefined ? inWindow : np.concatenate([score(past.ref), inWindow], 3);
  q.dispose();
  const [, , , n = 0] = scores.shape;
  const weights = np.exp(scores.ref.sub(np.max(scores, -1, { keepdims: true })));
  // Divides the few outputs instead of the many weights, within the product's kernel.
  const scale = np.reciprocal(weights.ref.sum(-1)).reshape([B, K, G, 1]);
  if (past === undefined) return mix(weights, window).mul(scale);
  const [, , , before = 0] = past.shape;
  const mixed = mix(weights.ref.slice([], [], [], [0, before]), past);
  return mix(weights.slice([], [], [], [before, n]), window)
    .add(mixed)
    .mul(scale);
}

/** Feeds one token (rows) of each row: the window with it, and logits (rows, vocab). Consumes its arguments. */
function feed(
  shape: TransformerShape,
  params: Params,
  past: Cache,
  window: Cache,
  token: np.Array,
  position: Position,
): [Cache, np.Array] {
  const { heads, kvHeads: K, headDim: D, rmsEps: eps } = shape;
  const B = token.size;
  const { cos, sin, here, mask } = position;
  let h = np.take(params.embedding, token, 0);
  const next = params.layers.map((layer, l) => {
    const old = window[l];
    if (old === undefined) throw new Error(`no cache of layer ${l}`);
    const qkv = np.matmul(h.ref, layer.qkv).mul(inverseNorm(h.ref, eps));
    const swapped = np.flip(qkv.ref.reshape([B, heads + 2 * K, 2, D / 2]), 2).reshape([B, heads + 2 * K, D]);
    const turned = qkv
      .reshape([B, heads + 2 * K, D])
      .mul(cos.ref)
      .add(swapped.mul(sin.ref));
    const added = turned.ref.slice([], [heads, heads + 2 * K]).reshape([B, 2, K, 1, D]);
    const cache = np.where(here.ref, added, old);
    const q = turned.slice([], [0, heads]).reshape([B, K, heads / K, D]);
    const attended = attend(q, past[l], cache.ref, mask.ref).reshape([B, heads * D]);
    h = h.add(np.matmul(attended, layer.out));
    const norm = inverseNorm(h.ref, eps);
    const gate = np.matmul(h.ref, layer.gate).mul(norm.ref);
    const up = np.matmul(h.ref, layer.up).mul(norm);
    h = h.add(np.matmul(up.mul(nn.silu(gate)), layer.down));
    return cache;
  });
  tree.dispose([cos, sin, here, mask]);
  const norm = inverseNorm(h.ref, eps);
  return [next, np.matmul(h, params.head).mul(norm)];
}

export function decodeTask({ shape, rows, steps, first, weights }: DecodeWork): DecodeTask {
  const { vocab, layers, kvHeads, headDim } = shape;
  const window = onSoftwareAdapter() ? Math.min(WINDOW, steps) : steps;
  const params = loadParams(shape, weights);
  const start = integers(first, [rows]);
  const positions = Array.from({ length: steps }, (_, t) => loadPosition(shape, t, window));
  const keys = Array.from({ length: steps }, (_, t) => np.array(new Uint32Array([1, t])));
  const empty = Array.from({ length: layers }, () => np.zeros([rows, 2, kvHeads, window, headDim]));

  const sample = jit(function sample(
    params: Params,
    past: Cache,
    window: Cache,
    token: np.Array,
    position: Position,
    key: np.Array,
  ): [Cache, np.Array] {
    const [next, logits] = feed(shape, params, past, window, token, position);
    return [next, random.categorical(key, logits)];
  });
  const evaluate = jit((params: Params, past: Cache, window: Cache, token: np.Array, position: Position) =>
    feed(shape, params, past, window, token, position),
  );
  const join = jit((past: Cache, window: Cache): Cache =>
    window.map((part, l) => {
      const before = past[l];
      return before === undefined ? part : np.concatenate([before, part], 3);
    }),
  );

  /** `each` gets references to the caches and the position, and returns the window with the token. */
  const walk = async (each: (t: number, past: Cache, window: Cache, position: Position) => Promise<Cache>) => {
    let past: Cache = [];
    let current = tree.ref(empty);
    for (const [t, position] of positions.entries()) {
      if (t > 0 && t % window === 0) past = past.length === 0 ? tree.ref(current) : join(past, tree.ref(current));
      current = await each(t, tree.ref(past), current, tree.ref(position));
    }
    tree.dispose(past);
    tree.dispose(current);
  };

  return {
    async run() {
      const sampled: np.Array[] = [];
      let token = start.ref;
      await walk(async (t, past, current, position) => {
        const key = keys[t];
        if (key === undefined) throw new RangeError(`no key for token ${t}`);
        let next: Cache;
        [next, token] = sample(tree.ref(params), past, current, token, position, key.ref);
        sampled.push(token.ref);
        // Submits this token's kernels without waiting for the GPU. Left to the end, the buffers of all tokens would be alive
        // at once, some 70 new ones for each.
        await token.ref.gpuBuffer();
        return next;
      });
      await token.blockUntilReady();
      token.dispose();
      tree.dispose(sampled);
    },
    async logits(tokens) {
      if (tokens.length !== rows * steps) throw new RangeError(`${tokens.length} tokens instead of ${rows * steps}`);
      let logits = np.zeros([rows, vocab]);
      await walk(async (t, past, current, position) => {
        const column = integers(
          Uint32Array.from({ length: rows }, (_, row) => tokens[row * steps + t] ?? 0),
          [rows],
        );
        logits.dispose();
        let next: Cache;
        [next, logits] = evaluate(tree.ref(params), past, current, column, position);
        await logits.blockUntilReady();
        return next;
      });
      return readFloats(logits);
    },
    dispose() {
      tree.dispose(params);
      start.dispose();
      tree.dispose(positions);
      tree.dispose(keys);
      tree.dispose(empty);
      for (const compiled of [sample, evaluate, join]) compiled.dispose();
    },
  };
}
