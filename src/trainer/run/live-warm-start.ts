import { initialParameters } from '../../models/initialise';
import type { Learner } from '../../rl/learning/learner';

const REPORT_INTERVAL_MS = 250;

/**
 * The warm start in the page: leaves its result as policy and base.
 *
 * @param report told the loss (nats a token) a few times a second and after the last batch
 * @param between asked after each batch; it may take its time or throw, and a yes starts again from the first weights
 */
export async function warmUp(
  learner: Learner,
  report: (batch: number, batches: number, loss: number) => void,
  between: () => Promise<boolean>,
): Promise<void> {
  const warmStart = learner.warmStart();
  const { batches } = warmStart.options;
  let reportedAt = -Infinity;
  for (let batch = 0; batch < batches; batch++) {
    await warmStart.step(batch);
    if (performance.now() - reportedAt >= REPORT_INTERVAL_MS || batch + 1 === batches) {
      report(batch + 1, batches, await warmStart.loss());
      reportedAt = performance.now();
    }
    if (await between()) {
      learner.startFrom(initialParameters(learner.table, learner.config.initSeed));
      batch = -1;
    }
  }
  learner.startFrom(await learner.parameters());
}
