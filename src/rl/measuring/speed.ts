import { MAX_STEPS } from '../../env/episode-limits';
import { median } from '../../lib/stats';
import type { Learner } from '../learning/learner';

export interface Timing {
  /** The median of the rounds. */
  ms: number;
  rounds: number;
}

/**
 * Whole rollouts with the present weights, of the questions of one update after the other.
 *
 * @returns also the tokens of one rollout on average: written or inserted, questions included, regenerated ones once more
 */
export async function timeRollouts(learner: Learner, rounds: number): Promise<Timing & { tokens: number }> {
  const times: number[] = [];
  let tokens = 0;
  for (let round = 0; round < rounds; round++) {
    const rows = learner.questions(round);
    const start = performance.now();
    const result = await learner.rollout.run(learner.optimizer.params, rows, learner.rolloutOptions(round));
    times.push(performance.now() - start);
    for (const [b, length] of result.draft.lengths.entries()) {
      const cut = result.reviews.cuts[b] ?? 0;
      const kept = result.draft.stepStarts[b * MAX_STEPS + cut - 1] ?? 0;
      tokens += length + (cut === 0 ? 0 : (result.final.lengths[b] ?? 0) - kept);
    }
  }
  return { ms: median(times), rounds, tokens: tokens / rounds };
}

/** Whole updates, until the GPU has done them and their numbers are there. They change the weights. */
export async function timeUpdates(learner: Learner, rounds: number): Promise<Timing> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const { metrics } = await learner.update();
    await metrics;
    times.push(performance.now() - start);
  }
  return { ms: median(times), rounds };
}
