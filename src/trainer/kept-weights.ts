import { alignUp, subSlice, type Slice } from '../gpu/buffers';
import type { Learner } from '../rl/learner';

/** Updates whose weights are kept, as far as the bytes allow. */
const MOST_KEPT = 8;
const BUDGET_BYTES = 64 * 2 ** 20;

/** Weights of the actor after an update. */
export interface Weights {
  update: number;
  params: Slice;
}

/**
 * The actor's weights after each of the last few updates, as copies on the GPU: what is asked of an update that a person holds
 * on screen is answered with its own weights. Copies are recorded in the order of the updates and read by nobody else.
 */
export class KeptWeights {
  private learner: Learner | null = null;
  private places: Slice[] = [];
  /** Update whose weights a place holds, -1 for none. */
  private updates: number[] = [];

  /** Keeps the weights after the update that was recorded last. The oldest make room. */
  keep(learner: Learner): void {
    if (this.learner !== learner) this.open(learner);
    const { updates: update, recorder, optimizer, table } = learner;
    const known = this.updates.indexOf(update);
    const place = known >= 0 ? known : this.updates.indexOf(Math.min(...this.updates));
    const slice = this.places[place];
    if (slice === undefined) return;
    recorder.copy(optimizer.params, slice, table.size * 4);
    this.updates[place] = update;
  }

  /** Another history: what was kept belongs to none of its updates. */
  forget(): void {
    this.updates.fill(-1);
  }

  /**
   * The weights after `update`, or the present ones where those are not kept (the answer says which) or none are wanted.
   *
   * @param learner between two updates
   */
  find(learner: Learner, update?: number): Weights {
    const present = { update: learner.updates, params: learner.optimizer.params };
    if (this.learner !== learner || update === undefined || update === learner.updates) return present;
    const params = this.places[this.updates.indexOf(update)];
    return params === undefined || update < 0 ? present : { update, params };
  }

  private open(learner: Learner): void {
    const bytes = alignUp(learner.table.size * 4, 256);
    const count = Math.min(MOST_KEPT, Math.floor(BUDGET_BYTES / bytes));
    this.learner = learner;
    this.updates = new Array<number>(count).fill(-1);
    const all = count > 0 ? learner.owner.storage('kept weights', count * bytes) : null;
    this.places = all === null ? [] : this.updates.map((_, k) => subSlice(all, k * bytes, bytes));
  }
}
