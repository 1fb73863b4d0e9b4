/**
 * Series of per-update metrics, kept outside React and zustand: the store only carries a version number that says when to
 * look again. A ring: once `capacity` updates are held, the oldest go first.
 */
import type { RunConfig } from '../config/schema';
import type { UpdateMetrics, WorldDescription } from '../trainer/protocol/protocol';
import type { StoredBatch } from './stored-batch';

export interface MetricRow {
  update: number;
  updateMs: number;
  metrics: UpdateMetrics;
}

/** A run's numbers as they were kept, to lie behind another's. */
export interface RecordedMetrics {
  title: string;
  config: RunConfig;
  /** Ascending by update. */
  metrics: readonly MetricRow[];
  /** What is kept of its trajectories, ascending by update, and the world that explains them; null where nothing is. */
  trajectories: { batches: readonly StoredBatch[]; world: WorldDescription } | null;
}

/** A point of a chart: the update and one value per series, null where the metric is undefined. */
export interface ChartPoint {
  update: number;
  [metric: string]: number | null;
}

export const HISTORY_CAPACITY = 4000;
export const MAX_CHART_POINTS = 200;
export const UPDATES_PER_MINUTE = 'updatesPerMinute';

export class MetricHistory {
  private rows: MetricRow[] = [];
  /** Index of the oldest row inside `rows` once the ring is full. */
  private head = 0;
  private droppedCount = 0;
  private runs = 0;

  constructor(private readonly capacity: number = HISTORY_CAPACITY) {}

  get length(): number {
    return this.rows.length;
  }

  /** Updates that were once here and were pushed out. */
  get dropped(): number {
    return this.droppedCount;
  }

  /** Changes whenever the rows of another run take the place of these. */
  get generation(): number {
    return this.runs;
  }

  push(row: MetricRow): void {
    // A run that went back to a snapshot repeats its updates: what it threw away goes.
    if (row.update <= (this.latest?.update ?? -1)) this.dropFrom(row.update);
    if (this.rows.length < this.capacity) {
      this.rows.push(row);
      return;
    }
    this.rows[this.head] = row;
    this.head = (this.head + 1) % this.capacity;
    this.droppedCount += 1;
  }

  private dropFrom(update: number): void {
    this.rows = this.all.filter((row) => row.update < update);
    this.head = 0;
  }

  clear(): void {
    this.rows = [];
    this.head = 0;
    this.droppedCount = 0;
    this.runs += 1;
  }

  /** Exchanges what both hold: whoever looks at one goes on looking at it. */
  swap(other: MetricHistory): void {
    [this.rows, other.rows] = [other.rows, this.rows];
    [this.head, other.head] = [other.head, this.head];
    [this.droppedCount, other.droppedCount] = [other.droppedCount, this.droppedCount];
    this.runs += 1;
    other.runs += 1;
  }

  /** By age, the oldest first. */
  get all(): MetricRow[] {
    return [...this.rows.slice(this.head), ...this.rows.slice(0, this.head)];
  }

  /** The last ones, at most so many, the oldest of them first. */
  newest(count: number): MetricRow[] {
    const from = Math.max(0, this.rows.length - count);
    return Array.from({ length: this.rows.length - from }, (_, i) => this.at(from + i)).flatMap((row) => row ?? []);
  }

  /** Row by age, 0 = oldest kept. */
  at(index: number): MetricRow | undefined {
    if (index < 0 || index >= this.rows.length) return undefined;
    return this.rows[(this.head + index) % this.rows.length];
  }

  get latest(): MetricRow | undefined {
    return this.at(this.rows.length - 1);
  }

  /** The row of an update, or the nearest kept one. */
  nearest(update: number): MetricRow | undefined {
    const first = this.at(0);
    if (!first) return undefined;
    // Updates come in order, one by one, so the offset is nearly always the answer; the walk mends gaps.
    let index = Math.min(Math.max(Math.round(update - first.update), 0), this.rows.length - 1);
    while (index > 0 && (this.at(index)?.update ?? 0) > update) index -= 1;
    return this.at(index);
  }

  /**
   * At most `maxPoints` rows for a chart. Whole rows are picked, never averaged: a chart shows the engine's own numbers. The
   * stride is counted from update numbers, so that points stay where they are as the run grows; the newest is always in.
   */
  points(names: readonly string[], maxPoints: number = MAX_CHART_POINTS): ChartPoint[] {
    const stride = this.stride(maxPoints);
    const points: ChartPoint[] = [];
    for (let index = 0; index < this.rows.length; index += 1) {
      const row = this.at(index);
      if (!row) continue;
      if (row.update % stride !== 0 && index !== this.rows.length - 1) continue;
      points.push(toPoint(row, names));
    }
    return points;
  }

  /** Every how many updates a chart of `maxPoints` shows one. */
  stride(maxPoints: number = MAX_CHART_POINTS): number {
    // One place is kept for the newest row, which need not fall on the stride.
    return Math.max(1, Math.ceil(this.rows.length / (maxPoints - 1)));
  }

  /** Median of the last `window` durations as a rate, or null before the first update. */
  updatesPerMinute(window = 9): number | null {
    const times: number[] = [];
    for (let index = Math.max(0, this.rows.length - window); index < this.rows.length; index += 1) {
      const row = this.at(index);
      if (row && row.updateMs > 0) times.push(row.updateMs);
    }
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1];
    return median === undefined ? null : 60_000 / median;
  }
}

/** One row as a chart point; `updatesPerMinute` is derived from the duration since clock times are no metric. */
export function toPoint(row: MetricRow, names: readonly string[]): ChartPoint {
  const point: ChartPoint = { update: row.update };
  for (const name of names) point[name] = metricValue(row, name);
  return point;
}

export function metricValue(row: MetricRow, name: string): number | null {
  if (name === UPDATES_PER_MINUTE) return row.updateMs > 0 ? 60_000 / row.updateMs : null;
  return row.metrics[name] ?? null;
}
