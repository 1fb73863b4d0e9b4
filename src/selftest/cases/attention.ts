import * as reference from '../../kernels/attention/attention.reference';
import { normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchAttention, launchAttentionWeights } from '../launch/launch-attention';

interface Shape {
  batch?: number;
  heads?: number;
  kvHeads?: number;
  /** All Tk queries where absent, and then gradients too. */
  queries?: number;
  keys: number;
  headDim: number;
  scale?: number;
}

export function attentionArgs({ batch = 1, heads = 2, kvHeads = 1, keys, queries = keys, headDim, scale = 1 }: Shape) {
  const shape = { batch, heads, kvHeads, queries, keys, headDim, queryOffset: keys - queries };
  const inputs = {
    q: normals(batch * heads * queries * headDim, 1, scale),
    k: normals(batch * kvHeads * keys * headDim, 2),
    v: normals(batch * kvHeads * keys * headDim, 3),
  };
  return { ...shape, ...inputs, dout: queries === keys ? normals(inputs.q.length, 4) : undefined };
}

export function attentionCase(shape: Shape): KernelCase {
  const args = attentionArgs(shape);
  return {
    name: JSON.stringify(shape),
    launch: (bench) => launchAttention(bench, args),
    want: () => {
      const { dout, ...rest } = args;
      const forward = reference.attentionForward(rest);
      return dout ? { ...forward, ...reference.attentionBackward({ ...rest, dout }) } : { ...forward };
    },
  };
}

export function weightsCase(shape: Shape, i: number): KernelCase {
  const args = attentionArgs(shape);
  const { batch, kvHeads, keys, headDim, heads } = args;
  const b = batch - 1;
  const last = (data: Float32Array, width: number) => data.subarray(b * width, (b + 1) * width);
  return {
    name: `weights of query ${i}: ${JSON.stringify(shape)}`,
    launch: (bench) => launchAttentionWeights(bench, args, b, i),
    want: () => {
      const [q, k, v] = [
        last(args.q, heads * keys * headDim),
        last(args.k, kvHeads * keys * headDim),
        last(args.v, kvHeads * keys * headDim),
      ];
      return { weights: reference.attentionWeights({ ...args, batch: 1, q, k, v }, i) };
    },
  };
}
