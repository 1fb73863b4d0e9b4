import type { RunConfig } from '../../config/schema';
import type { RolloutResult } from '../rollout/rollout';
import { thoughtsOf } from '../rollout/review-text';
import { reviewRounds } from '../rollout/rounds';
import type { TrajectorySide } from '../rollout/trajectory';

/** One review as the loss trains it: an integer said after a trajectory. */
export interface ReviewAction {
  /** Where the trajectory stands that the review read. */
  side: TrajectorySide;
  row: number;
  integer: number;
  /** (6) log-probabilities of the integers when it was said. */
  logProbs: Float32Array;
  /** (4) what it had thought before, which is read with the text and not trained; missing where reviews do not think. */
  thoughts?: Uint16Array;
  advantage: number;
  /** Share of reviewWeight / B that it counts with: 1 unless reviews are balanced. */
  weight: number;
}

/**
 * The advantage of each review (method.md section 6), 0 where nothing was reviewed or the review has no consequence: the final
 * trajectory's (`group`), or what the reward rose by from the text that the review read to the final one (`draftBaseline`).
 *
 * @param advantages (B) of the final trajectories
 * @returns (B) for each round of reviews
 */
export function reviewAdvantages(
  result: RolloutResult,
  advantages: ArrayLike<number>,
  config: RunConfig,
): Float64Array[] {
  const { final } = result;
  const trains = config.refiner === 'model' && config.reviewGate !== 'never';
  return reviewRounds(result).map(({ draft, reviews }) =>
    Float64Array.from(draft.em, (_, b) => {
      if (!trains || reviews.reviewed[b] === 0) return 0;
      if (config.refinerAdvantage === 'group') return advantages[b] ?? 0;
      return reviews.cuts[b] === 0 ? 0 : (final.rewards[b] ?? 0) - (draft.rewards[b] ?? 0);
    }),
  );
}

/** The reviews that a rollout made, with their advantages, (B) for each round. */
export function reviewActions(result: RolloutResult, advantages: readonly ArrayLike<number>[]): ReviewAction[] {
  const actions: ReviewAction[] = [];
  for (const [round, { draft, reviews }] of reviewRounds(result).entries()) {
    reviews.reviewed.forEach((reviewed, row) => {
      if (reviewed === 0) return;
      const integer = reviews.integers[row] ?? 0;
      const logProbs = reviews.logProbs.subarray(row * 6, row * 6 + 6);
      const thoughts = thoughtsOf(reviews.thoughts, row);
      actions.push({
        ...{ side: draft, row, integer, logProbs, ...(thoughts === undefined ? {} : { thoughts }) },
        ...{ advantage: advantages[round]?.[row] ?? 0, weight: 1 },
      });
    });
  }
  return actions;
}

/**
 * What each review weighs: the samples of one draft together as much as one review, and where balanced, reviews of right and of
 * wrong texts equally in total and all together as much as before (those of one kind alone stay).
 */
export function weighReviews(
  actions: readonly ReviewAction[],
  { reviewBalance, reviewSamples }: Pick<RunConfig, 'reviewBalance' | 'reviewSamples'>,
): ReviewAction[] {
  const isRight = ({ side, row }: ReviewAction) => side.em[row] === 1;
  const right = actions.filter(isRight).length;
  const wrong = actions.length - right;
  const balances = reviewBalance === 'balanced' && right > 0 && wrong > 0;
  return actions.map((action) => {
    const share = balances ? actions.length / (2 * (isRight(action) ? right : wrong)) : 1;
    return { ...action, weight: share / reviewSamples };
  });
}
