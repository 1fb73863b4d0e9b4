/** One token of each row through the whole decoder on the GPU, with the arguments and outputs of its reference. */
import { decodeToken } from '../../kernels/decode-token/decode-token';
import type { DecodeTokenModel } from '../../kernels/decode-token/decode-token.reference';
import {
  planTranspose,
  tiledWeights,
  transposedSize,
  transposeWeights,
  type MatrixSource,
} from '../../kernels/linear/transpose';
import { ropeTable } from '../../kernels/rope/rope';
import type { BenchScope, GpuBench } from '../bench/gpu-bench';
import { columnsOf } from '../bench/layout';

type Floats = ArrayLike<number>;

export function launchDecodeToken(
  bench: GpuBench,
  model: DecodeTokenModel,
  args: {
    active: readonly number[];
    lengths: Floats;
    tokens: Floats;
    positions: number;
    cache: Floats;
    rowsAtOnce: number;
  },
) {
  const { active, positions, rowsAtOnce } = args;
  const layers = model.layers.length;
  const ld = Math.ceil(model.vocab / 4) * 4;
  return bench.run(async (scope) => {
    const { weights, matrices } = tiled(scope, model);
    // Room for more rows than are active: those must not touch anything.
    const rows = active.length + 3;
    const logits = scope.accumulator('logits', rows * ld);
    const cache = scope.floats('cache', args.cache);
    decodeToken(
      scope.recorder,
      { ...model, layers },
      {
        ...{ weights, matrices, positions, rows, rowsAtOnce, ld, logits: logits.slice, cache: cache.slice },
        embedding: scope.floats('embedding', model.embedding).slice,
        table: scope.floats('table', ropeTable(positions, model.headDim, model.theta)).slice,
        active: scope.words('active', [active.length, ...new Array<number>(63).fill(0), ...active]).slice,
        inputs: scope.words('inputs', args.tokens).slice,
        lengths: scope.words('lengths', args.lengths).slice,
        layerCache: args.cache.length / layers,
      },
    );
    const all = await scope.readFloats(logits);
    return {
      logits: columnsOf(all, active.length, ld, model.vocab),
      others: all.slice(active.length * ld),
      cache: await scope.readFloats(cache),
    };
  });
}

/** The matrices as `TiledWeights` of a model lays them out. */
function tiled(scope: BenchScope, model: DecodeTokenModel) {
  const { vocab, width, heads, kvHeads, headDim, ffn } = model;
  const arena: number[] = [];
  const place = (values: Floats) => {
    const offset = arena.length;
    arena.push(...Array.from(values));
    return offset;
  };
  const sources = model.layers.flatMap((layer): MatrixSource[] => [
    {
      ...{ offset: place(layer.qkv), gain: place(layer.inputNorm), outs: (heads + 2 * kvHeads) * headDim },
      ...{ inner: width, half: headDim / 2 },
    },
    { offset: place(layer.attentionOut), outs: width, inner: heads * headDim, half: 4 },
    { offset: place(layer.gateUp), gain: place(layer.postNorm), outs: 2 * ffn, inner: width, half: ffn },
    { offset: place(layer.down), outs: width, inner: ffn, half: 4 },
  ]);
  const gain = place(model.finalNorm);
  sources.push({ offset: place(model.embedding), gain, outs: vocab, inner: width, half: 4 });
  const plan = planTranspose(sources);
  const weights = scope.output('tiles', transposedSize(plan)).slice;
  transposeWeights(scope.recorder, {
    arena: scope.floats('arena', arena).slice,
    plan: scope.words('plan', plan.words).slice,
    out: weights,
    blocks: plan.blocks,
    fold: true,
  });
  return { weights, matrices: tiledWeights(weights, plan) };
}
