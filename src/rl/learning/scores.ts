/** What an update learns from a rollout: which rewards become advantages, and whose. */
import type { RunConfig } from '../../config/schema';
import type { RolloutResult } from '../rollout/rollout';
import { groupAdvantages } from './advantage';
import { reviewAdvantages, type ReviewAction } from './review-actions';

/** Whose loss an update steps on. The network is shared, so the weights of both change, and so does the optimiser's memory. */
export type TrainedPart = 'both' | 'actor' | 'refiner';

export interface Scores {
  /** (B) of the final trajectories. */
  advantages: Float64Array;
  zeroVarianceGroups: number;
  /** (B) of each round of reviews: the first, then those in `rollout.later`. */
  reviews: readonly Float64Array[];
}

export function scoreRollout(result: RolloutResult, config: RunConfig): Scores {
  const { advantages, zeroVarianceGroups } = groupAdvantages({
    rewards: result.final.rewards,
    groupSize: config.groupSize,
    mode: config.advantage,
  });
  return { advantages, zeroVarianceGroups, reviews: reviewAdvantages(result, advantages, config) };
}

/** The loss of one part alone: what belongs to the other has no gradient. */
export function lossOf(
  train: TrainedPart,
  advantages: Float64Array,
  reviews: readonly ReviewAction[],
  config: RunConfig,
): { advantages: Float64Array; reviews: readonly ReviewAction[]; options: RunConfig } {
  switch (train) {
    case 'both':
      return { advantages, reviews, options: config };
    case 'actor':
      return { advantages, reviews: [], options: { ...config, reviewSupervision: 0 } };
    case 'refiner':
      // Without advantages, penalty and bonus the actor's gradient is exactly 0, and its numbers are measured all the same.
      return {
        advantages: new Float64Array(advantages.length),
        reviews,
        options: { ...config, klBeta: 0, entropyBonus: 0 },
      };
  }
}
