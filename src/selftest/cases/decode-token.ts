import * as reference from '../../kernels/decode-token/decode-token.reference';
import { float32Bound } from '../bench/bounds';
import { integers, normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchDecodeToken } from '../launch/launch-decode-token';

interface Shape {
  vocab?: number;
  width: number;
  layers?: number;
  heads?: number;
  kvHeads?: number;
  headDim: number;
  ffn: number;
  /** Rows of the cache, and those of them that get a token. */
  batch?: number;
  active: number;
  positions: number;
  /** Of every row; drawn where absent. */
  length?: number;
  rowsAtOnce: number;
}

/** One new token in each of `active` rows, at different lengths, against caches that hold numbers. */
export function decodeTokenCase(shape: Shape): KernelCase {
  const { vocab = 23, width, layers = 2, heads = 4, kvHeads = 2, headDim, ffn, active: count, positions } = shape;
  const { batch = count + 2, length, rowsAtOnce } = shape;
  let seed = 10;
  // Outputs of a layer stay about as large as its inputs.
  const matrix = (outs: number, inner: number) => normals(outs * inner, seed++, 1 / Math.sqrt(inner));
  const gain = () => normals(width, seed++, 0.3).map((x) => 1 + x);
  const model: reference.DecodeTokenModel = {
    ...{ vocab, width, heads, kvHeads, headDim, ffn, rmsEps: 1e-5, theta: 10000 },
    embedding: normals(vocab * width, seed++),
    layers: Array.from({ length: layers }, () => ({
      inputNorm: gain(),
      qkv: matrix((heads + 2 * kvHeads) * headDim, width),
      attentionOut: matrix(width, heads * headDim),
      postNorm: gain(),
      gateUp: matrix(2 * ffn, width),
      down: matrix(width, ffn),
    })),
    finalNorm: gain(),
  };
  const input = {
    positions,
    active: Array.from({ length: count }, (_, n) => batch - 1 - n),
    tokens: integers(count, 1, vocab),
    lengths: integers(count, 2, positions).map((at) => length ?? at + 1),
    cache: normals(layers * batch * positions * 2 * kvHeads * headDim, 3),
  };
  return {
    name: JSON.stringify(shape),
    launch: (bench) => launchDecodeToken(bench, model, { ...input, rowsAtOnce }),
    want: () => {
      const ld = Math.ceil(vocab / 4) * 4;
      return { ...reference.decodeToken(model, input), others: new Float64Array(3 * ld) };
    },
    exactZeros: ['others'],
    // It is a model of its own, of many sums in a row.
    bound: float32Bound('model', 'decode-token', 'logits'),
  };
}
