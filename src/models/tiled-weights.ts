import type { BufferOwner, Slice } from '../gpu/buffers';
import type { Recorder } from '../gpu/recorder';
import {
  planTranspose,
  tiledWeights,
  transposedSize,
  transposeWeights,
  type MatrixSource,
  type TiledWeight,
} from '../kernels/linear/transpose';
import type { ParameterTable } from './parameters';

/** The matrices of one layer as the forward kernels read them. */
export interface LayerWeights {
  qkv: TiledWeight;
  attentionOut: TiledWeight;
  gateUp: TiledWeight;
  down: TiledWeight;
}

/**
 * All matrices of a model, transposed and in tiles: a copy that is made anew from the parameters before they are used, by one
 * dispatch that costs next to nothing beside the work that follows. So no stale copy can be read.
 */
export class TiledWeights {
  readonly layers: readonly LayerWeights[];
  /** The tied output matrix. */
  readonly head: TiledWeight;
  /** All of them in one, the layers' in the order of `LayerWeights` and the output matrix last. */
  readonly all: { readonly slice: Slice; readonly matrices: readonly TiledWeight[] };
  private readonly plan: Slice;
  private readonly blocks: number;

  /** @param fold multiplies the gain of each norm into the matrix behind it, for kernels that normalise without one */
  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    table: ParameterTable,
    private readonly fold: boolean,
  ) {
    const { shape } = table;
    const { vocab, width, heads, kvHeads, headDim, ffn } = shape;
    const sources = table.layers.flatMap((ranges): MatrixSource[] => [
      {
        offset: ranges.qkv.offset,
        outs: (heads + 2 * kvHeads) * headDim,
        inner: width,
        half: headDim / 2,
        gain: ranges.inputNorm.offset,
      },
      { offset: ranges.attentionOut.offset, outs: width, inner: heads * headDim, half: 4 },
      { offset: ranges.gateUp.offset, outs: 2 * ffn, inner: width, half: ffn, gain: ranges.postNorm.offset },
      { offset: ranges.down.offset, outs: width, inner: ffn, half: 4 },
    ]);
    sources.push({
      offset: table.embedding.offset,
      outs: vocab,
      inner: width,
      half: 4,
      gain: table.finalNorm.offset,
    });
    const plan = planTranspose(sources);
    this.blocks = plan.blocks;
    this.plan = owner.upload('transpose plan', plan.words);
    const slice = owner.storage('tiled weights', transposedSize(plan) * 4);
    const tiled = tiledWeights(slice, plan);
    this.all = { slice, matrices: tiled };
    const at = (index: number): TiledWeight => {
      const weight = tiled[index];
      if (weight === undefined) throw new RangeError(`no matrix ${index}`);
      return weight;
    };
    this.layers = table.layers.map((_, l) => ({
      qkv: at(4 * l),
      attentionOut: at(4 * l + 1),
      gateUp: at(4 * l + 2),
      down: at(4 * l + 3),
    }));
    this.head = at(4 * table.layers.length);
  }

  /** Copies the matrices of `params`. */
  load(params: Slice): void {
    const { plan, all, blocks, fold } = this;
    transposeWeights(this.recorder, { arena: params, plan, out: all.slice, blocks, fold });
  }

  layer(l: number): LayerWeights {
    const weights = this.layers[l];
    if (weights === undefined) throw new RangeError(`no layer ${l}`);
    return weights;
  }
}
