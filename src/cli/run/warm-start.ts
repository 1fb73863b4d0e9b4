import type { Learner } from '../../rl/learning/learner';
import { RolloutAborted } from '../../rl/rollout/rollout';
import { Progress } from './progress';

/** Batches between two readings of the loss. */
const REPORT_EVERY = 25;

/**
 * Runs the warm start of a fresh learner to its end and makes the result its policy and base.
 *
 * @param shouldStop asked before each batch; a yes throws RolloutAborted
 */
export async function runWarmStart(learner: Learner, shouldStop: () => boolean = () => false): Promise<void> {
  const warmStart = learner.warmStart();
  const { batches } = warmStart.options;
  const progress = new Progress('warm start', batches);
  for (let batch = 0; batch < batches; batch++) {
    if (shouldStop()) throw new RolloutAborted('stopped');
    await warmStart.step(batch);
    if ((batch + 1) % REPORT_EVERY === 0 || batch + 1 === batches) {
      progress.show(batch + 1, `loss ${(await warmStart.loss()).toFixed(3)}`);
    }
  }
  learner.startFrom(await learner.parameters());
}
