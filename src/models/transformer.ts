import type { BufferOwner, Slice } from '../gpu/buffers';
import { alignUp, subSlice } from '../gpu/buffers';
import type { Recorder } from '../gpu/recorder';
import {
  attentionBackward,
  attentionForward,
  attentionWeights,
  type AttentionShape,
} from '../kernels/attention/attention';
import { embeddingBackward, embeddingForward, scatterRows } from '../kernels/embedding/embedding';
import { linearForward, linearRope, linearSwiglu } from '../kernels/linear/linear';
import { linearBackward, type PartialSums } from '../kernels/linear/linear-backward';
import { reducePartials } from '../kernels/reduce/reduce';
import { rmsnormBackward, rmsnormForward } from '../kernels/rmsnorm/rmsnorm';
import { ropeTable } from '../kernels/rope/rope';
import type { DeviceBatch } from './batch';
import { rangeSlice, type ParameterTable, type Range } from './parameters';
import { TiledWeights } from './tiled-weights';

/** Activations of one layer that the backward pass needs. N rows of tokens. */
interface LayerActivations {
  /** (N,C) input of the layer. */
  input: Slice;
  /** (N), (N,C) first norm. */
  rstd1: Slice;
  norm1: Slice;
  /** (N,(H+2KV)D), q and k rotated. */
  qkv: Slice;
  /** (N,HD), (N,H). */
  attention: Slice;
  logsumexp: Slice;
  /** (N,C) after attention. */
  middle: Slice;
  rstd2: Slice;
  norm2: Slice;
  /** (N,2F), (N,F). */
  gateUp: Slice;
  hidden: Slice;
}

/**
 * Rows that one workgroup of a weight gradient sums on a GPU, which needs many workgroups to be busy; the few cores of a software
 * adapter are busy with the columns alone.
 */
const GPU_CHUNK = 512;

/**
 * A Llama-style decoder over packed sequences: forward, logits at selected rows, and backward. Parameters and gradients are
 * arenas given by the caller, so one set of activations serves the policy and the frozen base policy.
 */
export class Transformer {
  private readonly layers: LayerActivations[];
  private readonly table: Slice;
  private readonly output: Slice;
  private readonly selected: Slice;
  private readonly selectedNorm: Slice;
  private readonly selectedRstd: Slice;
  private readonly dSelected: Slice;
  private readonly dStream: Slice;
  private readonly dNarrow: Slice;
  private readonly dWide: Slice;
  private readonly dHidden: Slice;
  private readonly delta: Slice;
  private readonly weights: TiledWeights;
  /** (splits,size) gradients of all parameters, summed over chunks of rows. */
  private readonly partials: Slice;
  /** Rows of one chunk. */
  private readonly chunk: number;
  /** Row stride of the logits: the vocabulary rounded up to a multiple of 4. */
  readonly logitStride: number;
  /** (M,logitStride) logits at the selected rows; a loss replaces them by their gradient. */
  readonly logits: Slice;

  /**
   * @param capacity most tokens of one batch
   * @param positions longest sequence, for the RoPE table
   */
  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    readonly parameters: ParameterTable,
    readonly capacity: number,
    positions: number,
  ) {
    const { vocab, width, layers, heads, kvHeads, headDim, ffn, ropeTheta } = parameters.shape;
    const n = capacity;
    const floats = (label: string, count: number) => owner.storage(label, count * 4);
    const qkvWidth = (heads + 2 * kvHeads) * headDim;
    this.logitStride = alignUp(vocab, 4);
    let stream = floats('input 0', n * width);
    this.layers = Array.from({ length: layers }, (_, l) => {
      const layer = {
        input: stream,
        rstd1: floats(`rstd1 ${l}`, n),
        norm1: floats(`norm1 ${l}`, n * width),
        qkv: floats(`qkv ${l}`, n * qkvWidth),
        attention: floats(`attention ${l}`, n * heads * headDim),
        logsumexp: floats(`logsumexp ${l}`, n * heads),
        middle: floats(`middle ${l}`, n * width),
        rstd2: floats(`rstd2 ${l}`, n),
        norm2: floats(`norm2 ${l}`, n * width),
        gateUp: floats(`gate up ${l}`, n * 2 * ffn),
        hidden: floats(`hidden ${l}`, n * ffn),
      };
      stream = floats(`input ${l + 1}`, n * width);
      return layer;
    });
    this.output = stream;
    this.table = owner.upload('rope table', ropeTable(positions, headDim, ropeTheta));
    this.selected = floats('selected', n * width);
    this.selectedNorm = floats('selected norm', n * width);
    this.selectedRstd = floats('selected rstd', n);
    this.logits = floats('logits', n * this.logitStride);
    this.dSelected = floats('d selected', n * width);
    this.dStream = floats('d stream', n * width);
    this.dNarrow = floats('d narrow', n * Math.max(width, heads * headDim));
    this.dWide = floats('d wide', n * Math.max(2 * ffn, qkvWidth));
    this.dHidden = floats('d hidden', n * ffn);
    this.delta = floats('delta', n * heads);
    this.weights = new TiledWeights(recorder, owner, parameters, false);
    this.chunk = recorder.gpu.adapter.software ? n : GPU_CHUNK;
    this.partials = floats('partial gradients', Math.ceil(n / this.chunk) * parameters.size);
  }

  /** Runs the batch and leaves logits at its selected rows in `logits`. */
  forward(params: Slice, batch: DeviceBatch): void {
    const { recorder, parameters, weights } = this;
    const { width, heads, kvHeads, headDim, ffn, vocab } = parameters.shape;
    const rows = batch.rows;
    const attention = this.attentionShape(batch);
    const embedding = rangeSlice(params, parameters.embedding);
    weights.load(params);
    embeddingForward(recorder, { table: embedding, index: batch.tokens, y: this.streamOf(0), rows, cols: width });
    this.layers.forEach((layer, l) => {
      const ranges = this.rangesOf(l);
      const matrices = weights.layer(l);
      const gain = rangeSlice(params, ranges.inputNorm);
      this.normalise(layer.input, gain, layer.norm1, layer.rstd1, rows);
      linearRope(recorder, {
        x: layer.norm1,
        weight: matrices.qkv,
        y: layer.qkv,
        positions: batch.positions,
        table: this.table,
        rows,
        inner: width,
        ld: attention.ld,
        headDim,
        rotated: heads + kvHeads,
      });
      attentionForward(recorder, {
        ...attention,
        items: batch.items,
        qkv: layer.qkv,
        out: layer.attention,
        logsumexp: layer.logsumexp,
      });
      linearForward(recorder, {
        x: layer.attention,
        weight: matrices.attentionOut,
        y: layer.middle,
        residual: layer.input,
        rows,
        inner: heads * headDim,
        outs: width,
        ld: width,
      });
      this.normalise(layer.middle, rangeSlice(params, ranges.postNorm), layer.norm2, layer.rstd2, rows);
      linearSwiglu(recorder, {
        x: layer.norm2,
        weight: matrices.gateUp,
        gateUp: layer.gateUp,
        hidden: layer.hidden,
        rows,
        inner: width,
        ffn,
        keep: true,
      });
      linearForward(recorder, {
        x: layer.hidden,
        weight: matrices.down,
        y: this.streamOf(l + 1),
        residual: layer.middle,
        rows,
        inner: ffn,
        outs: width,
        ld: width,
      });
    });
    const chosen = batch.selectedRows;
    const { selected, selectedNorm } = this;
    embeddingForward(recorder, { table: this.output, index: batch.selected, y: selected, rows: chosen, cols: width });
    this.normalise(selected, rangeSlice(params, parameters.finalNorm), selectedNorm, this.selectedRstd, chosen);
    linearForward(recorder, {
      x: selectedNorm,
      weight: weights.head,
      y: this.logits,
      rows: chosen,
      inner: width,
      outs: vocab,
      ld: this.logitStride,
    });
  }

  /**
   * Where each head looked in the last `forward`, from one position of its only sequence.
   *
   * @param out (L,H,position+1) in parts of 256 bytes' alignment, one a layer; overwritten
   */
  attentionOf(batch: DeviceBatch, position: number, out: readonly Slice[]): void {
    const shape = this.attentionShape(batch);
    this.layers.forEach(({ qkv, logsumexp }, l) => {
      const weights = out[l];
      if (weights === undefined) return;
      attentionWeights(this.recorder, { ...shape, qkv, logsumexp, weights, row: position, first: 0 });
    });
  }

  /** Adds the gradients of the last `forward` to `grads`, given the gradient of the logits in `logits`. */
  backward(params: Slice, grads: Slice, batch: DeviceBatch): void {
    const { recorder, parameters, dNarrow, dWide, dStream } = this;
    const { width, heads, headDim, ffn, vocab } = parameters.shape;
    const rows = batch.rows;
    const chosen = batch.selectedRows;
    const attention = this.attentionShape(batch);
    const head = { rows: chosen, inner: width, outs: vocab, ld: this.logitStride };
    const { embedding, finalNorm } = parameters;
    const splits = this.splitsOf(batch);
    this.productGradient(params, embedding, splits, { ...head, x: this.selectedNorm, dy: this.logits, dx: dNarrow });
    this.normGradient(params, finalNorm, splits, {
      x: this.selected,
      rstd: this.selectedRstd,
      dx: this.dSelected,
      rows: chosen,
      accumulate: false,
    });
    recorder.clear(dStream, rows * width * 4);
    scatterRows(recorder, { x: this.dSelected, index: batch.selected, y: dStream, rows: chosen, cols: width });
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l];
      if (layer === undefined) continue;
      const ranges = this.rangesOf(l);
      this.productGradient(params, ranges.down, splits, {
        ...{ rows, inner: ffn, outs: width, ld: width },
        ...{ x: layer.hidden, dy: dStream, dx: dWide, gateUp: layer.gateUp, scratch: this.dHidden },
      });
      this.productGradient(params, ranges.gateUp, splits, {
        ...{ rows, inner: width, outs: 2 * ffn, ld: 2 * ffn },
        ...{ x: layer.norm2, dy: dWide, dx: dNarrow },
      });
      const second = { x: layer.middle, rstd: layer.rstd2, dx: dStream, rows, accumulate: true };
      this.normGradient(params, ranges.postNorm, splits, second);
      this.productGradient(params, ranges.attentionOut, splits, {
        ...{ rows, inner: heads * headDim, outs: width, ld: width },
        ...{ x: layer.attention, dy: dStream, dx: dNarrow },
      });
      attentionBackward(recorder, {
        ...attention,
        items: batch.items,
        qkv: layer.qkv,
        out: layer.attention,
        logsumexp: layer.logsumexp,
        dout: dNarrow,
        dqkv: dWide,
        delta: this.delta,
        rotation: { table: this.table, positions: batch.positions, rows },
      });
      this.productGradient(params, ranges.qkv, splits, {
        ...{ rows, inner: width, outs: attention.ld, ld: attention.ld },
        ...{ x: layer.norm1, dy: dWide, dx: dNarrow },
      });
      const first = { x: layer.input, rstd: layer.rstd1, dx: dStream, rows, accumulate: true };
      this.normGradient(params, ranges.inputNorm, splits, first);
    }
    const { size } = parameters;
    reducePartials(recorder, { partials: this.partials, y: grads, size, splits });
    embeddingBackward(recorder, {
      dy: dStream,
      offsets: batch.tokenOffsets,
      rowsOf: batch.rowsOfToken,
      dTable: rangeSlice(grads, embedding),
      rows,
      vocab,
      cols: width,
    });
  }

  private normalise(x: Slice, w: Slice, y: Slice, rstd: Slice, rows: number): void {
    const { width: cols, rmsEps: eps } = this.parameters.shape;
    rmsnormForward(this.recorder, { x, w, y, rstd, rows, cols, eps });
  }

  /** The gradient of y = x W^T, W a range of the arenas, for its input and, in `partials`, for W. */
  private productGradient(
    params: Slice,
    range: Range,
    splits: number,
    args: Omit<Parameters<typeof linearBackward>[1], 'w' | keyof PartialSums>,
  ): void {
    linearBackward(this.recorder, { ...args, ...this.partialSums(range, splits), w: rangeSlice(params, range) });
  }

  /** The gradient of a norm for its input, given that of its output in `dNarrow`, and in `partials` for its gain. */
  private normGradient(
    params: Slice,
    range: Range,
    splits: number,
    args: { x: Slice; rstd: Slice; dx: Slice; rows: number; accumulate: boolean },
  ): void {
    rmsnormBackward(this.recorder, {
      ...args,
      ...this.partialSums(range, splits),
      w: rangeSlice(params, range),
      dy: this.dNarrow,
      cols: this.parameters.shape.width,
    });
  }

  /** Chunks of rows in this batch: every parameter's gradient has as many, also where fewer rows are selected. */
  private splitsOf(batch: DeviceBatch): number {
    return Math.ceil(batch.rows / this.chunk);
  }

  private partialSums(range: Range, splits: number): PartialSums {
    const start = range.offset * 4;
    const partials = subSlice(this.partials, start, this.partials.size - start);
    return { partials, chunk: this.chunk, stride: this.parameters.size, splits };
  }

  private attentionShape(batch: DeviceBatch): AttentionShape {
    const { heads, kvHeads, headDim } = this.parameters.shape;
    return {
      ld: (heads + 2 * kvHeads) * headDim,
      heads,
      kvHeads,
      headDim,
      itemCount: batch.itemCount,
      squares: batch.squares,
    };
  }

  private rangesOf(layer: number) {
    const ranges = this.parameters.layers[layer];
    if (ranges === undefined) throw new RangeError(`no layer ${layer}`);
    return ranges;
  }

  /** The residual stream before layer l; after the last layer, its output. */
  private streamOf(l: number): Slice {
    return this.layers[l]?.input ?? this.output;
  }
}
