/**
 * Trajectory batches, outside React: the newest one, and the one on screen. They differ while a person looks at a batch
 * closely (HELD) and training goes on. Arrays are decoded group by group when they are shown.
 */
import type { TrajectoryBatch } from '../trainer/protocol';
import { summarizeBatch, tellingRow } from './batch-summary';
import type { BatchSummary } from './batch-summary';

interface KeptBatch {
  batch: TrajectoryBatch;
  summary: BatchSummary;
  tellingRow: number;
}

export class BatchHolder {
  private newest: KeptBatch | null = null;
  private held: KeptBatch | null = null;

  set(batch: TrajectoryBatch, hasRefiner: boolean): void {
    this.newest = { batch, summary: summarizeBatch(batch, hasRefiner), tellingRow: tellingRow(batch) };
  }

  clear(): void {
    this.newest = null;
    this.held = null;
  }

  /** Keeps the batch on screen where it is until `release`. */
  hold(): void {
    this.held ??= this.newest;
  }

  release(): void {
    this.held = null;
  }

  /** True when a newer batch has arrived than the one on screen. */
  get isBehind(): boolean {
    return this.held !== null && this.held !== this.newest;
  }

  get shown(): KeptBatch | null {
    return this.held ?? this.newest;
  }

  /** Counts over the newest batch, held or not: they belong to the numbers, not to the picture. */
  get summary(): BatchSummary | null {
    return this.newest?.summary ?? null;
  }
}
