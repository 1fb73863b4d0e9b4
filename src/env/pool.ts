/**
 * The pool of re-drawn worlds (method.md section 3, "Reading, not remembering"). Its whole state is a function of the world
 * seed and the number of batches so far, so a resumed run finds the very same worlds.
 */
import { assert } from '../lib/assert';
import { PhiloxStream, PURPOSES, philox4x32 } from '../lib/philox';
import { NO_LEVELS } from './levels';
import type { World, WorldFamily, WorldLevels } from './world-types';

export interface PoolOptions {
  readonly poolSize: number;
  readonly worldSeed: number;
  /** Probability of a rumour per fact. */
  readonly noise: number;
  /** One member is drawn anew every so many batches; 0 = never. */
  readonly redrawEvery: number;
  /** How hard its worlds are; without them, as they are usually. */
  readonly levels?: WorldLevels;
}

/** Row of the world stream from which the member to redraw is picked (rows 0 to 2, 4 and 5 belong to drawing a world). */
const PICK_ROW = 3;
/** Bit 31 of a world's seed separates the worlds that are trained on from those that never are. */
const HELD_OUT_BIT = 0x80000000;

export class WorldPool {
  readonly size: number;
  private readonly versions: number[];
  private readonly worlds: (World | undefined)[];
  private readonly heldOutWorlds = new Map<number, World>();
  /** The next batch to count: everything before it is reflected in `versions`. */
  private next = 0;
  private readonly levels: WorldLevels;

  constructor(
    readonly family: WorldFamily,
    private readonly options: PoolOptions,
  ) {
    assert(options.poolSize >= 1, 'a pool has at least one member');
    this.size = options.poolSize;
    this.levels = options.levels ?? NO_LEVELS;
    this.versions = new Array<number>(options.poolSize).fill(0);
    this.worlds = new Array<World | undefined>(options.poolSize).fill(undefined);
  }

  /** The world at place i; built on first use, replaced when the place is redrawn. */
  member(i: number): World {
    assert(i >= 0 && i < this.size, `pool place ${i} of ${this.size}`);
    const world = this.worlds[i] ?? this.family.draw(this.seedOf(i, this.version(i)), this.options.noise, this.levels);
    this.worlds[i] = world;
    return world;
  }

  /** The batch at which the place was last redrawn, 0 if never. */
  version(i: number): number {
    return this.versions[i] ?? 0;
  }

  /**
   * Brings the pool to its state for a batch. Call it before each batch (0, 1, 2, ...); a resumed run just goes on with its
   * batch number, and a smaller number than before goes back.
   *
   * @returns the place that was redrawn for this batch, -1 if none
   */
  redraw(batch: number): number {
    // The batch counted last is the state we are in already.
    if (batch < this.next - 1) {
      this.versions.fill(0);
      this.worlds.fill(undefined);
      this.next = 0;
    }
    let place = -1;
    while (this.next <= batch) place = this.count(this.next++);
    return place;
  }

  /** A world that is never trained on: its seed differs from every member's, whatever the version. */
  heldOut(i: number): World {
    const known = this.heldOutWorlds.get(i);
    if (known) return known;
    const seed = (this.hash(i, 0, 1) | HELD_OUT_BIT) >>> 0;
    const world = this.family.draw(seed, this.options.noise, this.levels);
    this.heldOutWorlds.set(i, world);
    return world;
  }

  /** The real facts, null where the family has none. */
  real(): World | null {
    return this.family.real((this.hash(0, 0, 2) | HELD_OUT_BIT) >>> 0, this.options.noise, this.levels);
  }

  private count(batch: number): number {
    const { redrawEvery, worldSeed } = this.options;
    if (redrawEvery <= 0 || batch === 0 || batch % redrawEvery !== 0) return -1;
    const place = new PhiloxStream(worldSeed, PURPOSES.world, PICK_ROW, batch).int(this.size);
    this.versions[place] = batch;
    this.worlds[place] = undefined;
    return place;
  }

  private seedOf(place: number, version: number): number {
    return this.hash(place, version, 0) & ~HELD_OUT_BIT;
  }

  /** 32 bits per (place, version, kind). Plain `worldSeed + i` would give neighbouring seeds almost the same pool. */
  private hash(place: number, version: number, kind: number): number {
    return philox4x32(place, version, kind, 0xffff, this.options.worldSeed >>> 0, PURPOSES.world)[0];
  }
}
