/** Attention on the GPU with the layouts of its fixture: whole sequences, and new tokens behind a key/value cache. */
import {
  attentionBackward,
  attentionDecode,
  attentionForward,
  attentionItems,
  attentionWeights,
  type AttentionShape as LaunchShape,
} from '../../kernels/attention/attention';
import type { AttentionShape } from '../../kernels/attention/attention.reference';
import type { BenchScope, GpuBench } from '../bench/gpu-bench';
import { columnsOf, fromHeads, toHeads } from '../bench/layout';

type Floats = ArrayLike<number>;

interface Inputs {
  q: Floats;
  k: Floats;
  v: Floats;
  dout?: Floats | undefined;
}

/** q, dout (B, H, Tq, D), k and v (B, KV, Tk, D); Tq = Tk is a whole sequence, less is decoding. */
export function launchAttention(bench: GpuBench, args: AttentionShape & Inputs) {
  if (args.queryOffset !== args.keys - args.queries) {
    throw new Error(`queryOffset is ${args.queryOffset}; the kernels take ${args.keys - args.queries} alone`);
  }
  return bench.run((scope) => (args.queries === args.keys ? whole(scope, args) : decode(scope, args)));
}

/** Where query i of sequence b looks, after a forward pass over whole sequences. */
export function launchAttentionWeights(bench: GpuBench, args: AttentionShape & Inputs, b: number, i: number) {
  return bench.run(async (scope) => {
    const { batch, heads, keys, headDim } = args;
    const packed = attentionItems(new Array<number>(batch).fill(keys));
    const shape = launchShape(args, packed);
    const items = scope.words('items', packed).slice;
    const qkv = scope.floats('qkv', packRows(args)).slice;
    const out = scope.output('out', batch * keys * heads * headDim).slice;
    const logsumexp = scope.output('logsumexp', batch * keys * heads).slice;
    const weights = scope.output('weights', heads * (i + 1));
    attentionForward(scope.recorder, { ...shape, items, qkv, out, logsumexp });
    const first = b * keys;
    attentionWeights(scope.recorder, { ...shape, qkv, logsumexp, weights: weights.slice, row: first + i, first });
    return { weights: await scope.readFloats(weights) };
  });
}

function launchShape({ batch, heads, kvHeads, keys, headDim }: AttentionShape, items: Uint32Array): LaunchShape {
  const ld = (heads + 2 * kvHeads) * headDim;
  return { ld, heads, kvHeads, headDim, itemCount: items.length / 4, squares: batch * keys * keys };
}

/** [q heads | k heads | v heads] per row; q holds all Tk positions here. */
function packRows(args: AttentionShape & { q: Floats; k: Floats; v: Floats }): Float32Array {
  const { batch, heads, kvHeads, keys, headDim } = args;
  const rows = batch * keys;
  const parts = [
    fromHeads(args.q, batch, heads, keys, headDim),
    fromHeads(args.k, batch, kvHeads, keys, headDim),
    fromHeads(args.v, batch, kvHeads, keys, headDim),
  ];
  const qkv: number[] = [];
  for (let n = 0; n < rows; n++) {
    for (const part of parts) {
      const width = part.length / rows;
      qkv.push(...part.subarray(n * width, (n + 1) * width));
    }
  }
  return Float32Array.from(qkv);
}

async function whole(scope: BenchScope, args: AttentionShape & Inputs) {
  const { batch, heads, kvHeads, keys, headDim } = args;
  const rows = batch * keys;
  const packed = attentionItems(new Array<number>(batch).fill(keys));
  const shape = launchShape(args, packed);
  const items = scope.words('items', packed).slice;
  const qkv = scope.floats('qkv', packRows(args)).slice;
  const out = scope.output('out', rows * heads * headDim);
  const logsumexp = scope.output('logsumexp', rows * heads);
  attentionForward(scope.recorder, { ...shape, items, qkv, out: out.slice, logsumexp: logsumexp.slice });
  const forward = {
    out: toHeads(await scope.readFloats(out), batch, heads, keys, headDim),
    logsumexp: toHeads(await scope.readFloats(logsumexp), batch, heads, keys, 1),
  };
  if (!args.dout) return forward;

  const dqkv = scope.output('dqkv', rows * shape.ld);
  attentionBackward(scope.recorder, {
    ...shape,
    items,
    qkv,
    out: out.slice,
    logsumexp: logsumexp.slice,
    dout: scope.floats('dout', fromHeads(args.dout, batch, heads, keys, headDim)).slice,
    dqkv: dqkv.slice,
    delta: scope.output('delta', rows * heads).slice,
  });
  const d = await scope.readFloats(dqkv);
  const part = (count: number, firstHead: number) => {
    const columns = columnsOf(d, rows, shape.ld, count * headDim, firstHead * headDim);
    return toHeads(columns, batch, count, keys, headDim);
  };
  return { ...forward, dq: part(heads, 0), dk: part(kvHeads, heads), dv: part(kvHeads, heads + kvHeads) };
}

/**
 * Each query is a row of the decode kernel. That kernel saves no logsumexp; it is taken from the forward kernel over the
 * whole sequence, whose earlier queries are zeros.
 */
async function decode(scope: BenchScope, args: AttentionShape & Inputs) {
  const { batch, heads, kvHeads, queries, keys, headDim, queryOffset } = args;
  const allQ = Float32Array.from({ length: batch * heads * keys * headDim }, (_, e) => {
    const t = Math.floor(e / headDim) % keys;
    const bh = Math.floor(e / (headDim * keys));
    return t < queryOffset ? 0 : args.q[(bh * queries + t - queryOffset) * headDim + (e % headDim)]!;
  });
  const square = { ...args, queries: keys, queryOffset: 0, q: allQ, dout: undefined };
  const forward = await whole(scope, square);
  const logsumexp = Float32Array.from({ length: batch * heads * queries }, (_, e) => {
    return forward.logsumexp[Math.floor(e / queries) * keys + queryOffset + (e % queries)]!;
  });

  const rows = batch * queries;
  const ld = (heads + 2 * kvHeads) * headDim;
  const packed = packRows(square);
  const width = 2 * kvHeads * headDim;
  const qRow = (n: number) => (Math.floor(n / queries) * keys + queryOffset + (n % queries)) * ld;
  const out = scope.output('out', rows * heads * headDim);
  attentionDecode(scope.recorder, {
    active: scope.words('active', [
      rows,
      ...new Array<number>(63).fill(0),
      ...Array.from({ length: rows }, (_, n) => Math.floor(n / queries)),
    ]).slice,
    lengths: scope.words(
      'lengths',
      Array.from({ length: rows }, (_, n) => queryOffset + (n % queries) + 1),
    ).slice,
    q: scope.floats(
      'q',
      Array.from({ length: rows }, (_, n) => [...packed.subarray(qRow(n), qRow(n) + heads * headDim)]).flat(),
    ).slice,
    cache: scope.floats('cache', columnsOf(packed, batch * keys, ld, width, heads * headDim)).slice,
    out: out.slice,
    // Room for more rows than are active: those must not touch anything.
    rows: rows + 9,
    heads,
    kvHeads,
    headDim,
    positions: keys,
  });
  return { out: toHeads(await scope.readFloats(out), batch, heads, queries, headDim), logsumexp };
}
