import type { BufferOwner, Slice } from '../gpu/buffers';
import { attentionItems, ATTENTION_BLOCK } from '../kernels/attention/attention';
import { rowsByIndex } from '../kernels/embedding/embedding';

/** Packed sequences: one after the other without padding, so cost follows the tokens that are there. */
export interface PackedBatch {
  /** (N) token ids of all sequences. */
  tokens: Uint32Array;
  /** Tokens of each sequence. */
  lengths: readonly number[];
  /** (M) ascending rows of `tokens` at which logits are wanted. */
  selected: Uint32Array<ArrayBuffer>;
}

/** A packed batch in GPU buffers of fixed capacity. */
export interface DeviceBatch {
  rows: number;
  selectedRows: number;
  itemCount: number;
  /** Sum of squared lengths, for the work estimate. */
  squares: number;
  tokens: Slice;
  positions: Slice;
  items: Slice;
  selected: Slice;
  tokenOffsets: Slice;
  rowsOfToken: Slice;
}

/** Fixed GPU buffers that packed batches are written to, one after the other. */
export class BatchUploader {
  private readonly slices: Omit<DeviceBatch, 'rows' | 'selectedRows' | 'itemCount' | 'squares'>;

  constructor(
    private readonly device: GPUDevice,
    owner: BufferOwner,
    private readonly vocab: number,
    private readonly capacity: number,
  ) {
    const words = (label: string, count: number) => owner.storage(label, count * 4);
    this.slices = {
      tokens: words('tokens', capacity),
      positions: words('positions', capacity),
      // Worst case: sequences of one token make one item each.
      items: words('items', (capacity + Math.ceil(capacity / ATTENTION_BLOCK)) * 4),
      selected: words('selected rows', capacity),
      tokenOffsets: words('token offsets', vocab + 1),
      rowsOfToken: words('rows of token', capacity),
    };
  }

  /** Writes a batch. What was recorded with the previous one must have been submitted. @throws RangeError if it does not fit */
  upload(batch: PackedBatch): DeviceBatch {
    const rows = batch.tokens.length;
    if (rows > this.capacity)
      throw new RangeError(`a batch of ${rows} tokens exceeds the capacity of ${this.capacity}`);
    const positions = new Uint32Array(rows);
    let row = 0;
    let squares = 0;
    for (const length of batch.lengths) {
      for (let t = 0; t < length; t++) positions[row++] = t;
      squares += length * length;
    }
    const items = attentionItems(batch.lengths);
    const { offsets, rowsOf } = rowsByIndex(batch.tokens, this.vocab);
    this.write(this.slices.tokens, Uint32Array.from(batch.tokens));
    this.write(this.slices.positions, positions);
    this.write(this.slices.items, items);
    this.write(this.slices.selected, batch.selected);
    this.write(this.slices.tokenOffsets, offsets);
    this.write(this.slices.rowsOfToken, rowsOf);
    return { ...this.slices, rows, selectedRows: batch.selected.length, itemCount: items.length / 4, squares };
  }

  private write(slice: Slice, data: Uint32Array<ArrayBuffer>): void {
    this.device.queue.writeBuffer(slice.buffer, slice.offset, data);
  }
}
