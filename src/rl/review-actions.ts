import type { RunConfig } from '../config/schema';
import type { RolloutResult } from './rollout';
import type { TrajectorySide } from './trajectory';

/** One review as the loss trains it: an integer said after a trajectory. */
export interface ReviewAction {
  /** Where the trajectory stands that the review read. */
  side: TrajectorySide;
  row: number;
  integer: number;
  /** Log-probability of the integer when it was said. */
  old: number;
  advantage: number;
  /** Share of reviewWeight / B that it counts with: 1 unless reviews are balanced. */
  weight: number;
}

/**
 * The advantage of each row's review (method.md section 6), 0 where nothing was reviewed or the review has no consequence:
 * the final trajectory's (`group`), or what the reward rose by from the text that the review read (`draftBaseline`).
 *
 * @param advantages (B) of the final trajectories
 * @returns (B)
 */
export function reviewAdvantages(
  { draft, final, reviews }: RolloutResult,
  advantages: ArrayLike<number>,
  config: RunConfig,
): Float64Array {
  return Float64Array.from(draft.em, (_, b) => {
    if (config.refiner !== 'model' || config.reviewGate === 'never' || reviews.reviewed[b] === 0) return 0;
    if (config.refinerAdvantage === 'group') return advantages[b] ?? 0;
    return reviews.cuts[b] === 0 ? 0 : (final.rewards[b] ?? 0) - (draft.rewards[b] ?? 0);
  });
}

/** The reviews that a rollout made, with their advantages (B). */
export function reviewActions({ draft, reviews }: RolloutResult, advantages: ArrayLike<number>): ReviewAction[] {
  const actions: ReviewAction[] = [];
  reviews.reviewed.forEach((reviewed, row) => {
    if (reviewed === 0) return;
    const integer = reviews.integers[row] ?? 0;
    const old = reviews.logProbs[row * 6 + integer] ?? 0;
    actions.push({ side: draft, row, integer, old, advantage: advantages[row] ?? 0, weight: 1 });
  });
  return actions;
}
