import { alignUp, subSlice, type Slice } from '../../gpu/buffers';
import type { Learner } from '../../rl/learning/learner';
import type { TrainedPart } from '../protocol/protocol';

/** Updates whose weights are kept, as far as the bytes allow. */
const MOST_KEPT = 8;
const BUDGET_BYTES = 64 * 2 ** 20;

/** Weights of the actor after an update. */
export interface Weights {
  update: number;
  params: Slice;
}

/** One update: the actor's weights before and after it, those that the loss of its last epoch was of, and what it trained. */
export interface UpdateWeights {
  before: Slice;
  /** null where the update had one epoch: it is of those before. */
  lastPass: Slice | null;
  after: Slice;
  trained: TrainedPart;
}

interface Place {
  params: Slice;
  lastPass: Slice | null;
  /** Update whose weights it holds, -1 for none. */
  update: number;
  trained: TrainedPart;
}

/**
 * The actor's weights after each of the last few updates, as copies on the GPU: what is asked of an update that a person holds
 * on screen is answered with its own weights. Copies are recorded in the order of the updates and read by nobody else.
 */
export class KeptWeights {
  private learner: Learner | null = null;
  private places: Place[] = [];

  /** Keeps the weights after the update that was recorded last. The oldest make room. */
  keep(learner: Learner, trained: TrainedPart = 'both'): void {
    if (this.learner !== learner) this.open(learner);
    const { updates: update, recorder, optimizer, table, weightsOfLastPass } = learner;
    const oldest = Math.min(...this.places.map((place) => place.update));
    const place = this.place(update) ?? this.place(oldest);
    if (place === undefined) return;
    recorder.copy(optimizer.params, place.params, table.size * 4);
    if (place.lastPass && weightsOfLastPass) recorder.copy(weightsOfLastPass, place.lastPass, table.size * 4);
    Object.assign(place, { update, trained });
  }

  /** Another history: what was kept belongs to none of its updates. */
  forget(): void {
    for (const place of this.places) place.update = -1;
  }

  /**
   * The weights after `update`, or the present ones where those are not kept (the answer says which) or none are wanted.
   *
   * @param learner between two updates
   */
  find(learner: Learner, update?: number): Weights {
    const present = { update: learner.updates, params: learner.optimizer.params };
    if (this.learner !== learner || update === undefined || update === learner.updates) return present;
    const place = this.place(update);
    return place === undefined || update < 0 ? present : { update, params: place.params };
  }

  /** What the update that led to `update` began and ended with; null where one of them is not kept. */
  findUpdate(learner: Learner, update: number): UpdateWeights | null {
    const [before, after] = [this.place(update - 1), this.place(update)];
    if (this.learner !== learner || update < 1 || !before || !after) return null;
    return { before: before.params, lastPass: after.lastPass, after: after.params, trained: after.trained };
  }

  private place(update: number): Place | undefined {
    return this.places.find((place) => place.update === update);
  }

  private open(learner: Learner): void {
    const bytes = alignUp(learner.table.size * 4, 256);
    const several = learner.config.epochs > 1;
    const each = several ? 2 * bytes : bytes;
    const count = Math.min(MOST_KEPT, Math.floor(BUDGET_BYTES / each));
    this.learner = learner;
    this.places = [];
    if (count === 0) return;
    const all = learner.owner.storage('kept weights', count * each);
    this.places = Array.from({ length: count }, (_, k) => ({
      params: subSlice(all, k * each, bytes),
      lastPass: several ? subSlice(all, k * each + bytes, bytes) : null,
      update: -1,
      trained: 'both',
    }));
  }
}
