import type { Learner } from '../../rl/learning/learner';
import type { ShouldStop } from '../../rl/rollout/rollout';
import { DeviceWatch } from './device-watch';
import { Errands } from './errands';

/**
 * What is wanted of a run. Commands set it at once; the work asks between submits. Pause holds the work where it is and Play
 * goes on with it; a reset, another run or a fault of the device interrupts it.
 */
export class Gate {
  wanted: 'rest' | 'play' | 'step' = 'rest';
  /** The update after which playing ends by itself. */
  until: number | null = null;
  resetWanted = false;
  readonly errands = new Errands();
  readonly faults = new DeviceWatch(() => this.errands.wake());
  /** Milliseconds that the work under way was held; whoever begins some sets it to 0. */
  heldMs = 0;
  private stopped = false;

  stop(): void {
    this.stopped = true;
    this.errands.wake();
  }

  isStopped(): boolean {
    return this.stopped;
  }

  isIdle(): boolean {
    return this.wanted === 'rest' && !this.resetWanted && !this.stopped;
  }

  isInterrupted(): boolean {
    return this.stopped || this.resetWanted || this.faults.error !== null;
  }

  throwFault(): void {
    if (this.faults.error !== null && !this.stopped) throw this.faults.error;
  }

  /** For work that Pause holds. What is asked: true = give up what is under way; a promise holds it. */
  holding(learner: Learner): ShouldStop {
    return () => {
      this.throwFault();
      if (this.isInterrupted()) return true;
      return this.wanted === 'rest' ? this.hold(learner) : false;
    };
  }

  /** For work that goes on while the run rests. */
  readonly steady = (): boolean => {
    this.throwFault();
    return this.isInterrupted();
  };

  private async hold(learner: Learner): Promise<boolean> {
    const start = performance.now();
    while (this.wanted === 'rest' && !this.isInterrupted()) {
      // What is held has not changed the weights yet: this is the state after the last whole update.
      if (!(await this.errands.next(learner, true))) await this.errands.sleep();
      this.throwFault();
    }
    this.heldMs += performance.now() - start;
    return this.isInterrupted();
  }
}
