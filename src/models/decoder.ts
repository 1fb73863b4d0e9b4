import { alignUp, BUFFER_ALIGNMENT, subSlice, type BufferOwner, type Slice } from '../gpu/buffers';
import type { Recorder } from '../gpu/recorder';
import { attentionDecode } from '../kernels/attention/attention';
import type { AtOnce } from '../kernels/decode-token/decode-token';
import { embeddingForward } from '../kernels/embedding/embedding';
import { decodeQkv, linearForward, linearSwiglu } from '../kernels/linear/linear';
import { ropeTable } from '../kernels/rope/rope';
import { rangeSlice, type ParameterTable } from './parameters';
import { TiledWeights } from './tiled-weights';

/** What one decoding step reads: the active rows, their newest tokens, how many keys each sees. */
export interface DecodeInput {
  /** First 256 bytes: the count; then the rows. */
  active: Slice;
  inputs: Slice;
  lengths: Slice;
}

/** What a step reads that feeds several tokens of a row. Inputs and lengths are of `fed`. */
export interface BlockInput extends DecodeInput {
  /** As `active`, of every token that is fed: first the newest of each active row in the order of `active`, then the others. */
  fed: Slice;
}

/**
 * Decoding with a key/value cache for a batch of B rows, of which only the active ones are computed: 5 L + 2 dispatches. A row is
 * fed one token or several, whose keys and values all stand in the cache before any of them looks there; each gives the bits
 * that it gives alone. How many there are is known to the GPU alone, so every dispatch is made for the most and its workgroups
 * past the count return at once; an indirect dispatch costs more than that, since the browser checks its arguments first (ADR 8).
 */
export class Decoder {
  private readonly caches: Slice[];
  /** All of them in one; null where a device does not bind so much at once. */
  private readonly cache: Slice | null;
  private readonly weights: TiledWeights;
  private readonly table: Slice;
  private readonly stream: Slice;
  private readonly middle: Slice;
  private readonly query: Slice;
  private readonly attention: Slice;
  private readonly hidden: Slice;
  /** Bound where training saves gate and up; never written. */
  private readonly unused: Slice;
  /** A row's keys and values on their way to another row: a buffer may not be copied onto itself. */
  private passage: Slice | null = null;
  readonly logitStride: number;
  /** Keys and values in 16-bit floats: set between rollouts, where the adapter has them and heads are multiples of 8. */
  halfCache = false;
  /**
   * Takes rows through all layers at once in `step`, which then is one dispatch; null for a kernel an operation. Set between rollouts.
   * The bits are those of the cooperative kernels (ADR 21).
   */
  atOnce: AtOnce | null = null;
  /** (n,logitStride) logits of the active rows after a step. */
  readonly logits: Slice;
  /** Whether the system has given the memory of the caches. */
  private hasMemory = false;

  constructor(
    private readonly recorder: Recorder,
    private readonly owner: BufferOwner,
    readonly parameters: ParameterTable,
    readonly batch: number,
    readonly positions: number,
    /** Most tokens of a row that a step is fed. */
    readonly block = 1,
  ) {
    const { vocab, width, layers, heads, kvHeads, headDim, ffn, ropeTheta } = parameters.shape;
    const floats = (label: string, count: number) => owner.storage(`decode ${label}`, count * 4);
    this.logitStride = alignUp(vocab, 4);
    const layerBytes = alignUp(batch * positions * 2 * kvHeads * headDim * 4, BUFFER_ALIGNMENT);
    const { maxStorageBufferBindingSize } = recorder.gpu.device.limits;
    this.cache = layers * layerBytes > maxStorageBufferBindingSize ? null : floats('cache', (layers * layerBytes) / 4);
    this.caches = Array.from({ length: layers }, (_, l) =>
      this.cache === null ? floats(`cache ${l}`, layerBytes / 4) : subSlice(this.cache, l * layerBytes, layerBytes),
    );
    this.weights = new TiledWeights(recorder, owner, parameters, true);
    this.table = owner.upload('decode rope table', ropeTable(positions, headDim, ropeTheta));
    const fed = batch * block;
    this.stream = floats('stream', fed * width);
    this.middle = floats('middle', fed * width);
    this.query = floats('query', fed * heads * headDim);
    this.attention = floats('attention', fed * heads * headDim);
    this.hidden = floats('hidden', fed * ffn);
    this.unused = floats('unused', 1);
    this.logits = floats('logits', batch * this.logitStride);
  }

  /** Takes the weights of the steps that follow. Call it again whenever `params` changed. */
  load(params: Slice): void {
    this.takeMemory();
    this.weights.load(params);
  }

  /**
   * A system may give memory only where it is written to, which would make the first dispatches that fill a large cache several
   * times as long as those that follow. So it is written to beforehand, layer by layer.
   */
  private takeMemory(): void {
    const { recorder, caches } = this;
    if (this.hasMemory || recorder.collects) return;
    this.hasMemory = true;
    for (const cache of caches) {
      recorder.submit();
      recorder.clear(cache);
    }
    recorder.submit();
  }

  /** Empties the cache. */
  clear(): void {
    for (const cache of this.caches) this.recorder.clear(cache);
  }

  /** Gives rows the keys and values of the first `count` positions of row `from`, as if each had been fed those tokens. */
  copyPrefix(from: number, to: readonly number[], count: number): void {
    const { recorder, positions } = this;
    const { kvHeads, headDim } = this.parameters.shape;
    const position = 2 * kvHeads * headDim * (this.halfCache && headDim % 8 === 0 ? 2 : 4);
    if (count === 0 || to.length === 0) return;
    this.passage ??= this.owner.storage('decode passage', positions * 2 * kvHeads * headDim * 4);
    for (const cache of this.caches) {
      recorder.copy(cache, this.passage, count * position, from * positions * position);
      for (const row of to) recorder.copy(this.passage, cache, count * position, 0, row * positions * position);
    }
  }

  /** Whether `atOnce` is heeded: all keys and values are in one binding, in 32-bit floats. */
  get mayTakeAtOnce(): boolean {
    return this.cache !== null && !this.halfCache;
  }

  /** Feeds one token of every active row and leaves its logits in `logits`. */
  step(params: Slice, input: DecodeInput): void {
    const { cache, atOnce, mayTakeAtOnce } = this;
    if (atOnce !== null && cache !== null && mayTakeAtOnce) this.stepAtOnce(params, input, cache, atOnce);
    else this.feed(params, input, input.active, this.batch, true);
  }

  /** Feeds what every row has, up to its newest token, and leaves the logits of that in `logits`. */
  stepBlocks(params: Slice, input: BlockInput): void {
    this.feed(params, input, input.fed, this.batch * this.block, true);
  }

  /** Feeds tokens that are none of the newest. */
  prefill(params: Slice, input: BlockInput): void {
    this.feed(params, input, input.fed, this.batch * this.block, false);
  }

  private stepAtOnce(params: Slice, { active, inputs, lengths }: DecodeInput, cache: Slice, atOnce: AtOnce): void {
    const { parameters, weights, table, logits, logitStride: ld, positions, batch: rows } = this;
    atOnce.launch(this.recorder, parameters.shape, {
      ...{ embedding: rangeSlice(params, parameters.embedding), weights: weights.all.slice, table, cache, logits, ld },
      ...{ active, inputs, lengths, positions, rows, rowsAtOnce: atOnce.rows, matrices: weights.all.matrices },
      layerCache: cache.size / 4 / parameters.shape.layers,
    });
  }

  /** @param fed the row of each token, of which there are at most `most` */
  private feed(params: Slice, input: DecodeInput, fed: Slice, most: number, newest: boolean): void {
    const { recorder, parameters, weights, stream, middle } = this;
    const { width, layers, heads, kvHeads, headDim, ffn, rmsEps: normEps, vocab } = parameters.shape;
    const { lengths } = input;
    const embedding = rangeSlice(params, parameters.embedding);
    embeddingForward(recorder, { table: embedding, index: input.inputs, y: stream, rows: most, cols: width });
    this.caches.forEach((cache, l) => {
      const layer = weights.layer(l);
      const { query: q, halfCache, positions } = this;
      const shape = { lengths, q, cache, halfCache, heads, kvHeads, headDim, positions };
      const all = { x: stream, weight: layer.qkv, table: this.table, inner: width, normEps };
      decodeQkv(recorder, { ...shape, ...all, active: fed, rows: most });
      // Of other tokens nothing is wanted but their keys and values.
      const last = l === layers - 1;
      if (last && !newest) return;
      const [limit, rows] = last ? [input.active, this.batch] : [fed, most];
      attentionDecode(recorder, { ...shape, active: limit, rows, out: this.attention });
      linearForward(recorder, {
        x: this.attention,
        weight: layer.attentionOut,
        y: middle,
        residual: stream,
        rows,
        limit,
        inner: heads * headDim,
        outs: width,
        ld: width,
      });
      linearSwiglu(recorder, {
        x: middle,
        weight: layer.gateUp,
        gateUp: this.unused,
        hidden: this.hidden,
        rows,
        limit,
        normEps,
        inner: width,
        ffn,
        keep: false,
      });
      linearForward(recorder, {
        x: this.hidden,
        weight: layer.down,
        y: stream,
        residual: middle,
        rows,
        limit,
        inner: ffn,
        outs: width,
        ld: width,
      });
    });
    if (!newest) return;
    linearForward(recorder, {
      x: stream,
      weight: weights.head,
      y: this.logits,
      rows: this.batch,
      limit: input.active,
      normEps,
      inner: width,
      outs: vocab,
      ld: this.logitStride,
    });
  }
}
