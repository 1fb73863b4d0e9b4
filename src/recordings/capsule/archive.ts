/**
 * Trajectory batches, outside React: the newest ones whole, older ones as a few telling rows. One of them is on screen: the
 * newest (LIVE), or the one that a person holds (HELD) while training goes on. Arrays are decoded row by row when shown.
 */
import type { TrajectoryBatch, WorldDescription } from '../../trainer/protocol/protocol';
import { BatchViews } from '../batch-views';
import { sampleBatch, storeBatch } from '../stored-batch';
import type { StoredBatch } from '../stored-batch';

/** Trajectories that are kept whole: 53 updates of the default preset, about 2 kB each. */
export const WHOLE_TRAJECTORIES = 10_240;
/** Older updates of which a few rows are kept. */
export const SAMPLED_UPDATES = 2000;

export interface ArchiveCounts {
  /** Updates kept whole, the first of them, and updates kept as a sample. */
  whole: number;
  wholeFrom: number | null;
  sampled: number;
  /** Oldest update of which anything is kept. */
  first: number | null;
  /** Updates that were kept once and are gone. */
  dropped: number;
}

export class BatchArchive {
  /** Ascending by update; the sampled ones come first. */
  private kept: StoredBatch[] = [];
  private held: StoredBatch | null = null;
  private dropped = 0;
  private views: BatchViews | null = null;

  constructor(
    private readonly wholeTrajectories = WHOLE_TRAJECTORIES,
    private readonly sampledUpdates = SAMPLED_UPDATES,
    /** A recording is opened on its first update, so there that stays whole too. */
    private readonly firstIsWhole = false,
  ) {}

  add(batch: TrajectoryBatch, hasRefiner: boolean): void {
    this.addStored(storeBatch(batch, hasRefiner));
  }

  /** One that was kept before, whole or not. */
  addStored(stored: StoredBatch): void {
    const { update } = stored.batch;
    // A run that went back to a snapshot repeats its updates: what it threw away goes.
    if (update <= (this.newest?.batch.update ?? -1)) {
      this.kept = this.kept.filter((other) => other.batch.update < update);
    }
    this.kept.push(stored);
    this.thin();
  }

  private thin(): void {
    let whole = 0;
    for (let place = this.kept.length - 1; place >= 0; place -= 1) {
      const stored = this.kept[place];
      // A run that was continued has whole ones between sampled ones.
      if (!stored?.whole || (this.firstIsWhole && place === 0)) continue;
      whole += stored.rows.length;
      // The newest stays whole, however large it is.
      if (whole > this.wholeTrajectories && place < this.kept.length - 1) this.kept[place] = sampleBatch(stored);
    }
    const sampled = this.kept.filter((stored) => !stored.whole).length;
    const excess = Math.max(0, sampled - this.sampledUpdates);
    this.kept.splice(0, excess);
    this.dropped += excess;
  }

  clear(): void {
    this.kept = [];
    this.held = null;
    this.dropped = 0;
    this.views = null;
  }

  /** Exchanges what both hold: whoever looks at one goes on looking at it. */
  swap(other: BatchArchive): void {
    [this.kept, other.kept] = [other.kept, this.kept];
    [this.held, other.held] = [other.held, this.held];
    [this.dropped, other.dropped] = [other.dropped, this.dropped];
    this.views = other.views = null;
  }

  /** Ascending by update. */
  get all(): readonly StoredBatch[] {
    return this.kept;
  }

  /** Keeps an update on screen, whole as it is, until `release`: the nearest kept one, or the one on screen already. */
  hold(update?: number): StoredBatch | null {
    this.held = update === undefined ? this.shown : (this.nearest(update) ?? this.shown);
    return this.held;
  }

  release(): void {
    this.held = null;
  }

  get newest(): StoredBatch | null {
    return this.kept.at(-1) ?? null;
  }

  get shown(): StoredBatch | null {
    return this.held ?? this.newest;
  }

  /** The kept update nearest to `update`, the earlier one of two; null where nothing is kept. */
  nearest(update: number): StoredBatch | null {
    let best: StoredBatch | null = null;
    for (const stored of this.kept) {
      const distance = Math.abs(stored.batch.update - update);
      if (best === null || distance < Math.abs(best.batch.update - update)) best = stored;
    }
    return best;
  }

  /** The kept update before (-1) or after (+1) the one on screen. */
  neighbour(direction: -1 | 1): number | null {
    const at = this.shown?.batch.update;
    if (at === undefined) return null;
    const place = this.kept.findIndex((stored) => stored.batch.update >= at);
    const exact = this.kept[place]?.batch.update === at;
    const next = direction < 0 ? place - 1 : exact ? place + 1 : place;
    return this.kept[next]?.batch.update ?? null;
  }

  counts(): ArchiveCounts {
    const whole = this.kept.filter((stored) => stored.whole);
    return {
      whole: whole.length,
      wholeFrom: whole[0]?.batch.update ?? null,
      sampled: this.kept.length - whole.length,
      first: this.kept[0]?.batch.update ?? null,
      dropped: this.dropped,
    };
  }

  /** The decoded rows of a batch; those of the last one asked for are remembered. */
  viewsOf(stored: StoredBatch, world: WorldDescription): BatchViews {
    if (this.views?.stored !== stored || this.views.world !== world) this.views = new BatchViews(stored, world);
    return this.views;
  }
}
