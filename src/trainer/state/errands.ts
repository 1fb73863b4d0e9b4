import type { Learner } from '../../rl/learning/learner';

/** Something asked of a run beside its updates. It reads the weights after the last whole update and changes none. */
export interface Errand {
  /** It touches nothing of a rollout, so it may be done while one is held in the middle. */
  whileHeld: boolean;
  perform: (learner: Learner) => Promise<unknown>;
}

/** Errands in the order of asking, and the sleep of whoever waits for something to do. */
export class Errands {
  private readonly waiting: Errand[] = [];
  private wakeWaiter: () => void = () => undefined;
  /** Something happened since the last wait began: a command may come while its cause is still being posted. */
  private awake = false;

  add(errand: Errand): void {
    this.waiting.push(errand);
    this.wake();
  }

  /** Performs the oldest one that may be done now; false where there is none. */
  async next(learner: Learner, held: boolean): Promise<boolean> {
    const place = this.waiting.findIndex((errand) => errand.whileHeld || !held);
    const [errand] = place < 0 ? [] : this.waiting.splice(place, 1);
    await errand?.perform(learner);
    return errand !== undefined;
  }

  wake(): void {
    this.awake = true;
    this.wakeWaiter();
  }

  /** Resolves at the next `wake`, at once if there was one since the last wait; at the latest after `ms`. */
  async sleep(ms?: number): Promise<void> {
    const timer = ms === undefined ? undefined : setTimeout(() => this.wake(), ms);
    if (!this.awake) await new Promise<void>((resolve) => (this.wakeWaiter = resolve));
    clearTimeout(timer);
    this.awake = false;
  }
}
