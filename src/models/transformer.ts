import type { BufferOwner, Slice } from '../gpu/buffers';
import { alignUp } from '../gpu/buffers';
import type { Recorder } from '../gpu/recorder';
import { attentionBackward, attentionForward, type AttentionShape } from '../kernels/attention/attention';
import { embeddingBackward, embeddingForward, scatterRows } from '../kernels/embedding/embedding';
import { linearBackwardInput, linearBackwardWeight, linearForward, weightSplits } from '../kernels/linear/linear';
import { NORM_CHUNK, rmsnormBackward, rmsnormForward } from '../kernels/rmsnorm/rmsnorm';
import { rope, ropeTable } from '../kernels/rope/rope';
import { swigluBackward, swigluForward } from '../kernels/swiglu/swiglu';
import type { DeviceBatch } from './batch';
import { rangeSlice, type ParameterTable } from './parameters';

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
  private readonly scratch: Slice;
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
    const largest = Math.max(vocab * width, 2 * ffn * width, qkvWidth * width);
    this.scratch = floats('scratch', Math.max(weightSplits(n) * largest, Math.ceil(n / NORM_CHUNK) * width));
  }

  /** Runs the batch and leaves logits at its selected rows in `logits`. */
  forward(params: Slice, batch: DeviceBatch): void {
    const { recorder, parameters } = this;
    const { width, heads, kvHeads, headDim, ffn, rmsEps, vocab } = parameters.shape;
    const rows = batch.rows;
    const attention = this.attentionShape(batch);
    const embedding = rangeSlice(params, parameters.embedding);
    embeddingForward(recorder, { table: embedding, index: batch.tokens, y: this.streamOf(0), rows, cols: width });
    this.layers.forEach((layer, l) => {
      const ranges = this.rangesOf(l);
      const weight = (range: { offset: number; size: number }) => rangeSlice(params, range);
      rmsnormForward(recorder, {
        x: layer.input,
        w: weight(ranges.inputNorm),
        y: layer.norm1,
        rstd: layer.rstd1,
        rows,
        cols: width,
        eps: rmsEps,
      });
      const ld = attention.ld;
      linearForward(recorder, {
        x: layer.norm1,
        w: weight(ranges.qkv),
        y: layer.qkv,
        rows,
        inFeatures: width,
        outFeatures: ld,
        ld,
      });
      rope(recorder, {
        x: layer.qkv,
        positions: batch.positions,
        table: this.table,
        rows,
        ld,
        heads: heads + kvHeads,
        headDim,
        direction: 1,
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
        w: weight(ranges.attentionOut),
        y: layer.middle,
        residual: layer.input,
        rows,
        inFeatures: heads * headDim,
        outFeatures: width,
        ld: width,
      });
      rmsnormForward(recorder, {
        x: layer.middle,
        w: weight(ranges.postNorm),
        y: layer.norm2,
        rstd: layer.rstd2,
        rows,
        cols: width,
        eps: rmsEps,
      });
      linearForward(recorder, {
        x: layer.norm2,
        w: weight(ranges.gateUp),
        y: layer.gateUp,
        rows,
        inFeatures: width,
        outFeatures: 2 * ffn,
        ld: 2 * ffn,
      });
      swigluForward(recorder, { gu: layer.gateUp, y: layer.hidden, rows, cols: ffn });
      linearForward(recorder, {
        x: layer.hidden,
        w: weight(ranges.down),
        y: this.streamOf(l + 1),
        residual: layer.middle,
        rows,
        inFeatures: ffn,
        outFeatures: width,
        ld: width,
      });
    });
    const chosen = batch.selectedRows;
    embeddingForward(recorder, {
      table: this.output,
      index: batch.selected,
      y: this.selected,
      rows: chosen,
      cols: width,
    });
    rmsnormForward(recorder, {
      x: this.selected,
      w: rangeSlice(params, parameters.finalNorm),
      y: this.selectedNorm,
      rstd: this.selectedRstd,
      rows: chosen,
      cols: width,
      eps: rmsEps,
    });
    linearForward(recorder, {
      x: this.selectedNorm,
      w: embedding,
      y: this.logits,
      rows: chosen,
      inFeatures: width,
      outFeatures: vocab,
      ld: this.logitStride,
    });
  }

  /** Adds the gradients of the last `forward` to `grads`, given the gradient of the logits in `logits`. */
  backward(params: Slice, grads: Slice, batch: DeviceBatch): void {
    const { recorder, parameters, scratch } = this;
    const { width, heads, kvHeads, headDim, ffn, vocab } = parameters.shape;
    const rows = batch.rows;
    const chosen = batch.selectedRows;
    const attention = this.attentionShape(batch);
    const dEmbedding = rangeSlice(grads, parameters.embedding);
    const head = { rows: chosen, inFeatures: width, outFeatures: vocab, ld: this.logitStride };
    linearBackwardWeight(recorder, { ...head, x: this.selectedNorm, dy: this.logits, dw: dEmbedding, scratch });
    linearBackwardInput(recorder, {
      ...head,
      dy: this.logits,
      w: rangeSlice(params, parameters.embedding),
      dx: this.dNarrow,
    });
    rmsnormBackward(recorder, {
      x: this.selected,
      w: rangeSlice(params, parameters.finalNorm),
      rstd: this.selectedRstd,
      dy: this.dNarrow,
      dx: this.dSelected,
      dw: rangeSlice(grads, parameters.finalNorm),
      scratch,
      rows: chosen,
      cols: width,
      accumulate: false,
    });
    recorder.clear(this.dStream, alignUp(rows * width * 4, 4));
    scatterRows(recorder, { x: this.dSelected, index: batch.selected, y: this.dStream, rows: chosen, cols: width });
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l];
      if (layer === undefined) continue;
      const ranges = this.rangesOf(l);
      const weight = (range: { offset: number; size: number }) => rangeSlice(params, range);
      const gradient = (range: { offset: number; size: number }) => rangeSlice(grads, range);
      const down = { rows, inFeatures: ffn, outFeatures: width, ld: width };
      linearBackwardWeight(recorder, {
        ...down,
        x: layer.hidden,
        dy: this.dStream,
        dw: gradient(ranges.down),
        scratch,
      });
      linearBackwardInput(recorder, { ...down, dy: this.dStream, w: weight(ranges.down), dx: this.dHidden });
      swigluBackward(recorder, { gu: layer.gateUp, dy: this.dHidden, dgu: this.dWide, rows, cols: ffn });
      const gateUp = { rows, inFeatures: width, outFeatures: 2 * ffn, ld: 2 * ffn };
      linearBackwardWeight(recorder, {
        ...gateUp,
        x: layer.norm2,
        dy: this.dWide,
        dw: gradient(ranges.gateUp),
        scratch,
      });
      linearBackwardInput(recorder, { ...gateUp, dy: this.dWide, w: weight(ranges.gateUp), dx: this.dNarrow });
      rmsnormBackward(recorder, {
        x: layer.middle,
        w: weight(ranges.postNorm),
        rstd: layer.rstd2,
        dy: this.dNarrow,
        dx: this.dStream,
        dw: gradient(ranges.postNorm),
        scratch,
        rows,
        cols: width,
        accumulate: true,
      });
      const attentionOut = { rows, inFeatures: heads * headDim, outFeatures: width, ld: width };
      linearBackwardWeight(recorder, {
        ...attentionOut,
        x: layer.attention,
        dy: this.dStream,
        dw: gradient(ranges.attentionOut),
        scratch,
      });
      linearBackwardInput(recorder, {
        ...attentionOut,
        dy: this.dStream,
        w: weight(ranges.attentionOut),
        dx: this.dNarrow,
      });
      attentionBackward(recorder, {
        ...attention,
        items: batch.items,
        qkv: layer.qkv,
        out: layer.attention,
        logsumexp: layer.logsumexp,
        dout: this.dNarrow,
        dqkv: this.dWide,
        delta: this.delta,
      });
      rope(recorder, {
        x: this.dWide,
        positions: batch.positions,
        table: this.table,
        rows,
        ld: attention.ld,
        heads: heads + kvHeads,
        headDim,
        direction: -1,
      });
      const qkv = { rows, inFeatures: width, outFeatures: attention.ld, ld: attention.ld };
      linearBackwardWeight(recorder, { ...qkv, x: layer.norm1, dy: this.dWide, dw: gradient(ranges.qkv), scratch });
      linearBackwardInput(recorder, { ...qkv, dy: this.dWide, w: weight(ranges.qkv), dx: this.dNarrow });
      rmsnormBackward(recorder, {
        x: layer.input,
        w: weight(ranges.inputNorm),
        rstd: layer.rstd1,
        dy: this.dNarrow,
        dx: this.dStream,
        dw: gradient(ranges.inputNorm),
        scratch,
        rows,
        cols: width,
        accumulate: true,
      });
    }
    embeddingBackward(recorder, {
      dy: this.dStream,
      offsets: batch.tokenOffsets,
      rowsOf: batch.rowsOfToken,
      dTable: dEmbedding,
      rows,
      vocab,
      cols: width,
    });
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
