import { evaluate } from '../../rl/measuring/evaluate';
import type { Learner } from '../../rl/learning/learner';
import { RolloutAborted, type ShouldStop } from '../../rl/rollout/rollout';
import type { Gate } from '../state/gate';
import type { RunEvents } from '../state/run-events';
import type { RunStatus } from './run-status';

/** When a run is evaluated, and what it says of it. */
export class Evaluations {
  /** The first weights were not evaluated yet. */
  firstDue = true;
  due = false;

  /** @param firstUpdate the update that the run began with, undefined while its weights are not there */
  constructor(
    private readonly events: RunEvents,
    private readonly gate: Gate,
    private readonly status: RunStatus,
    private readonly firstUpdate: () => number | undefined,
  ) {}

  schedule(update: number, evalEvery: number): void {
    this.due = evalEvery > 0 && update % evalEvery === 0;
  }

  /**
   * What the first weights can do. It fills the time before the first Play and gives way to it on slow adapters.
   *
   * @returns false where there is nothing to evaluate, or not yet
   */
  async first(learner: Learner, software: boolean): Promise<boolean> {
    if (!this.firstDue || this.status.updates !== this.firstUpdate()) return false;
    if (software && learner.compiling !== null) {
      // Until then the compiler needs the cores that such an adapter computes on, and the first update waits for it.
      void learner.compiling.then(() => this.gate.errands.wake());
      return false;
    }
    const stop = async (): Promise<boolean> => {
      this.gate.throwFault();
      await this.gate.errands.next(learner, true);
      return this.gate.isInterrupted() || !this.firstDue || (software && this.gate.wanted !== 'rest');
    };
    this.status.activity = 'firstEvaluation';
    this.status.post('evaluating');
    await this.perform(learner, stop);
    // A reset comes back to these weights and may ask again, if nobody waited for the answer.
    this.status.activity = 'rest';
    return true;
  }

  async evaluate(learner: Learner): Promise<void> {
    this.status.activity = 'evaluation';
    this.status.post('evaluating');
    await this.perform(learner, this.gate.holding(learner));
    this.due = false;
    this.status.activity = 'rest';
  }

  private async perform(learner: Learner, stop: ShouldStop): Promise<void> {
    const metrics = await evaluate(learner, stop).catch(ignoreAbort);
    if (metrics === null) return;
    if (this.status.updates === this.firstUpdate()) this.firstDue = false;
    this.events.evaluation(this.status.updates, metrics);
  }
}

/** Whoever abandoned a rollout needs no word of it. */
export function ignoreAbort(error: unknown): null {
  if (error instanceof RolloutAborted) return null;
  throw error;
}
