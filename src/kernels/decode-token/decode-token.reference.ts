/**
 * Float64 reference of one new token per row through the whole decoder behind a key/value cache, composed of the references of the
 * operations. Tests and `verify` only.
 */
import * as attention from '../attention/attention.reference';
import * as embedding from '../embedding/embedding.reference';
import * as linear from '../linear/linear.reference';
import * as rmsnorm from '../rmsnorm/rmsnorm.reference';
import * as rope from '../rope/rope.reference';
import * as swiglu from '../swiglu/swiglu.reference';

type Floats = ArrayLike<number>;

export interface DecodeTokenModel {
  vocab: number;
  width: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  rmsEps: number;
  theta: number;
  /** (V,C), the output matrix too. */
  embedding: Floats;
  /** Weights are [out, in]; q, k and v lie back to back, and so do gate and up. */
  layers: readonly Record<'inputNorm' | 'qkv' | 'attentionOut' | 'postNorm' | 'gateUp' | 'down', Floats>[];
  finalNorm: Floats;
}

/**
 * @param input.active row of the cache of each token; lengths count the keys that it sees, its own included
 * @returns logits (n,V), and the caches (L,B,T,2*KV*D) with the tokens' keys and values
 */
export function decodeToken(
  model: DecodeTokenModel,
  input: { active: Floats; lengths: Floats; tokens: Floats; positions: number; cache: Floats },
): { logits: Float64Array; cache: Float64Array } {
  const { vocab, width, heads, kvHeads, headDim, ffn, rmsEps: eps, theta } = model;
  const { active, lengths, tokens, positions } = input;
  const rows = active.length;
  const project = (x: Floats, w: Floats, inFeatures: number, outFeatures: number) =>
    linear.linearForward({ rows, inFeatures, outFeatures, x, w });
  const norm = (x: Floats, w: Floats) => rmsnorm.rmsnormForward({ rows, cols: width, eps, x, w }).y;
  const cache = Float64Array.from(input.cache);
  const layerCache = cache.length / model.layers.length;
  let x = embedding.embeddingForward({ rows, vocab, hidden: width, tokens, table: model.embedding });
  model.layers.forEach((layer, l) => {
    const qkv = project(norm(x, layer.inputNorm), layer.qkv, width, (heads + 2 * kvHeads) * headDim);
    const shape = { heads, kvHeads, headDim, positions, theta, rows: active, lengths };
    const filled = rope.ropeCache({ ...shape, qkv, cache: cache.subarray(l * layerCache, (l + 1) * layerCache) });
    cache.set(filled.cache, l * layerCache);
    const attended = new Float64Array(rows * heads * headDim);
    for (let n = 0; n < rows; n++) {
      const keys = lengths[n]!;
      const q = filled.q.subarray(n * heads * headDim, (n + 1) * heads * headDim);
      // (KV, Tk, D) of the row's keys, or of its values.
      const side = (first: number) =>
        Float64Array.from({ length: kvHeads * keys * headDim }, (_, e) => {
          const [head, t, d] = [Math.floor(e / (keys * headDim)), Math.floor(e / headDim) % keys, e % headDim];
          return filled.cache[((active[n]! * positions + t) * 2 * kvHeads + first + head) * headDim + d]!;
        });
      const one = { batch: 1, heads, kvHeads, queries: 1, keys, headDim, queryOffset: keys - 1 };
      const { out } = attention.attentionForward({ ...one, q, k: side(0), v: side(kvHeads) });
      attended.set(out, n * heads * headDim);
    }
    const middle = add(x, project(attended, layer.attentionOut, heads * headDim, width));
    const both = project(norm(middle, layer.postNorm), layer.gateUp, width, 2 * ffn);
    const half = (first: number) => both.filter((_, e) => Math.floor((e % (2 * ffn)) / ffn) === first);
    x = add(middle, project(swiglu.swigluForward({ g: half(0), u: half(1) }), layer.down, ffn, width));
  });
  return { logits: project(norm(x, model.finalNorm), model.embedding, width, vocab), cache };
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x + b[i]!);
}
