import type { PackedBatch } from '../../models/batch';

/** One sequence of a packed batch and the positions whose logits are wanted, each with what its loss needs. */
export interface Sequence<Item> {
  tokens: ArrayLike<number>;
  length: number;
  /** Ascending input positions; the logits at position t predict the token at t + 1. */
  items: readonly (Item & { position: number })[];
}

export interface PackedSequences<Item> extends PackedBatch {
  items: readonly Item[];
}

/** Packs whole sequences, in order, into batches of at most `capacity` tokens. Sequences without items are left out. */
export function pack<Item>(sequences: readonly Sequence<Item>[], capacity: number): PackedSequences<Item>[] {
  const batches: PackedSequences<Item>[] = [];
  let held: Sequence<Item>[] = [];
  let rows = 0;
  const flush = () => {
    if (held.length > 0) batches.push(join(held, rows));
    held = [];
    rows = 0;
  };
  for (const sequence of sequences) {
    if (sequence.items.length === 0) continue;
    if (rows + sequence.length > capacity) flush();
    held.push(sequence);
    rows += sequence.length;
  }
  flush();
  return batches;
}

function join<Item>(sequences: readonly Sequence<Item>[], rows: number): PackedSequences<Item> {
  const tokens = new Uint32Array(rows);
  const selected: number[] = [];
  const items: Item[] = [];
  let start = 0;
  for (const sequence of sequences) {
    for (let t = 0; t < sequence.length; t++) tokens[start + t] = sequence.tokens[t] ?? 0;
    for (const item of sequence.items) {
      selected.push(start + item.position);
      items.push(item);
    }
    start += sequence.length;
  }
  return { tokens, lengths: sequences.map(({ length }) => length), selected: Uint32Array.from(selected), items };
}
