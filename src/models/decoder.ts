import { alignUp, subSlice, type BufferOwner, type Slice } from '../gpu/buffers';
import type { Recorder } from '../gpu/recorder';
import { attentionDecode } from '../kernels/attention/attention';
import { embeddingForward } from '../kernels/embedding/embedding';
import { linearForward } from '../kernels/linear/linear';
import { rmsnormForward } from '../kernels/rmsnorm/rmsnorm';
import { ropeCache, ropeTable } from '../kernels/rope/rope';
import { swigluForward } from '../kernels/swiglu/swiglu';
import type { Groups } from '../kernels/grid';
import { rangeSlice, type ParameterTable } from './parameters';

/** What one decoding step reads: the active rows, their newest tokens, how many keys each sees, workgroup counts. */
export interface DecodeInput {
  /** First 256 bytes: the count; then the rows. */
  active: Slice;
  inputs: Slice;
  lengths: Slice;
  groups: Slice;
}

/** Entries (mul, div, y) of the indirect table that a step needs: x = ceil(rows * mul / div). */
export interface GroupRule {
  mul: number;
  div: number;
  y: number;
}

/**
 * Token-by-token decoding with a key/value cache for a batch of B rows, of which only the active ones are computed. How many
 * that are is known to the GPU alone, so every dispatch takes its workgroup counts from a buffer.
 */
export class Decoder {
  private readonly caches: Slice[];
  private readonly table: Slice;
  private readonly stream: Slice;
  private readonly middle: Slice;
  private readonly norm: Slice;
  private readonly rstd: Slice;
  private readonly qkv: Slice;
  private readonly attention: Slice;
  private readonly gateUp: Slice;
  private readonly hidden: Slice;
  readonly logitStride: number;
  /** (n,logitStride) logits of the active rows after a step. */
  readonly logits: Slice;
  /** The table entries this decoder indexes by `RULE`. */
  readonly rules: readonly GroupRule[];

  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    private readonly parameters: ParameterTable,
    private readonly batch: number,
    private readonly positions: number,
  ) {
    const { vocab, width, layers, heads, kvHeads, headDim, ffn, ropeTheta } = parameters.shape;
    const floats = (label: string, count: number) => owner.storage(`decode ${label}`, count * 4);
    const ld = (heads + 2 * kvHeads) * headDim;
    this.logitStride = alignUp(vocab, 4);
    this.caches = Array.from({ length: layers }, (_, l) =>
      floats(`cache ${l}`, batch * positions * 2 * kvHeads * headDim),
    );
    this.table = owner.upload('decode rope table', ropeTable(positions, headDim, ropeTheta));
    this.stream = floats('stream', batch * width);
    this.middle = floats('middle', batch * width);
    this.norm = floats('norm', batch * width);
    this.rstd = floats('rstd', batch);
    this.qkv = floats('qkv', batch * ld);
    this.attention = floats('attention', batch * heads * headDim);
    this.gateUp = floats('gate up', batch * 2 * ffn);
    this.hidden = floats('hidden', batch * ffn);
    this.logits = floats('logits', batch * this.logitStride);
    const columns = (outs: number) => ({ mul: 1, div: 32, y: Math.ceil(outs / 64) });
    this.rules = [
      { mul: 1, div: 32, y: 1 },
      { mul: width, div: 64, y: 1 },
      { mul: 1, div: 1, y: 1 },
      { mul: 1, div: 8, y: Math.ceil(heads / 4) },
      columns(ld),
      columns(width),
      columns(2 * ffn),
      { mul: ffn, div: 64, y: 1 },
      columns(vocab),
      { mul: 1, div: 16, y: 1 },
    ];
  }

  /** Feeds one token of every active row and leaves its logits in `logits`. */
  step(params: Slice, input: DecodeInput): void {
    const { recorder, parameters, batch, positions } = this;
    const { width, heads, kvHeads, headDim, ffn, rmsEps, vocab } = parameters.shape;
    const ld = (heads + 2 * kvHeads) * headDim;
    const groups = (rule: number): Groups => ({ indirect: input.groups, byteOffset: rule * 12 });
    const activeCount = subSlice(input.active, 0, 256);
    const activeRows = subSlice(input.active, 256, input.active.size - 256);
    const embedding = rangeSlice(params, parameters.embedding);
    const common = { rows: batch, ld, heads, kvHeads, headDim, positions };
    embeddingForward(recorder, {
      table: embedding,
      index: input.inputs,
      y: this.stream,
      rows: batch,
      cols: width,
      groups: groups(RULE.embedding),
    });
    parameters.layers.forEach((ranges, l) => {
      const cache = this.caches[l];
      if (cache === undefined) return;
      const weight = (range: { offset: number; size: number }) => rangeSlice(params, range);
      const normalise = (x: Slice, w: Slice) => {
        rmsnormForward(recorder, {
          x,
          w,
          y: this.norm,
          rstd: this.rstd,
          rows: batch,
          cols: width,
          eps: rmsEps,
          groups: groups(RULE.rows),
        });
      };
      normalise(this.stream, weight(ranges.inputNorm));
      linearForward(recorder, {
        x: this.norm,
        w: weight(ranges.qkv),
        y: this.qkv,
        rows: batch,
        inFeatures: width,
        outFeatures: ld,
        ld,
        groups: groups(RULE.qkv),
      });
      ropeCache(recorder, {
        ...common,
        activeRows,
        activeCount,
        lengths: input.lengths,
        table: this.table,
        qkv: this.qkv,
        cache,
        groups: groups(RULE.each),
      });
      attentionDecode(recorder, {
        ...common,
        activeRows,
        lengths: input.lengths,
        qkv: this.qkv,
        cache,
        out: this.attention,
        groups: groups(RULE.attention),
      });
      linearForward(recorder, {
        x: this.attention,
        w: weight(ranges.attentionOut),
        y: this.middle,
        residual: this.stream,
        rows: batch,
        inFeatures: heads * headDim,
        outFeatures: width,
        ld: width,
        groups: groups(RULE.width),
      });
      normalise(this.middle, weight(ranges.postNorm));
      linearForward(recorder, {
        x: this.norm,
        w: weight(ranges.gateUp),
        y: this.gateUp,
        rows: batch,
        inFeatures: width,
        outFeatures: 2 * ffn,
        ld: 2 * ffn,
        groups: groups(RULE.gateUp),
      });
      swigluForward(recorder, { gu: this.gateUp, y: this.hidden, rows: batch, cols: ffn, groups: groups(RULE.hidden) });
      linearForward(recorder, {
        x: this.hidden,
        w: weight(ranges.down),
        y: this.stream,
        residual: this.middle,
        rows: batch,
        inFeatures: ffn,
        outFeatures: width,
        ld: width,
        groups: groups(RULE.width),
      });
    });
    rmsnormForward(recorder, {
      x: this.stream,
      w: rangeSlice(params, parameters.finalNorm),
      y: this.norm,
      rstd: this.rstd,
      rows: batch,
      cols: width,
      eps: rmsEps,
      groups: groups(RULE.rows),
    });
    linearForward(recorder, {
      x: this.norm,
      w: embedding,
      y: this.logits,
      rows: batch,
      inFeatures: width,
      outFeatures: vocab,
      ld: this.logitStride,
      groups: groups(RULE.vocab),
    });
  }
}

/** Index of each rule in `Decoder.rules`. */
export const RULE = {
  rows: 0,
  embedding: 1,
  each: 2,
  attention: 3,
  qkv: 4,
  width: 5,
  gateUp: 6,
  hidden: 7,
  vocab: 8,
  sixteenth: 9,
} as const;
