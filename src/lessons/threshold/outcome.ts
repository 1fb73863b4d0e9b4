/** What a threshold does to a batch: pure functions of what the engine answered. */
import type { Reviewed, ThresholdData } from './data';

/** The likeliest cut, from 1. */
export function bestCut(review: readonly number[]): number {
  const cuts = review.slice(1);
  return 1 + cuts.indexOf(Math.max(...cuts));
}

/** By how much the best cut is likelier than accepting, as a difference of log-probabilities. */
export function marginOf({ review }: Reviewed): number {
  return (review[bestCut(review)] ?? NaN) - (review[0] ?? NaN);
}

/** Drafts, and means over the regenerations of each. */
export interface Outcome {
  cut: number;
  cutRight: number;
  /** Wrong drafts that become right. */
  saved: number;
  /** Right drafts that become wrong. */
  harmed: number;
}

/** Of cutting each draft whose margin is at least this. */
export function outcomeAt({ drafts, replicates }: ThresholdData, threshold: number): Outcome {
  const cut = drafts.filter((draft) => marginOf(draft) >= threshold);
  const right = cut.filter((draft) => draft.right);
  const becomeRight = (of: readonly Reviewed[]): number =>
    of.reduce((sum, { rightAfter }) => sum + rightAfter, 0) / replicates;
  return {
    cut: cut.length,
    cutRight: right.length,
    saved: becomeRight(cut.filter((draft) => !draft.right)),
    harmed: right.length - becomeRight(right),
  };
}

export const NEVER = Infinity;
export const ALWAYS = -Infinity;

/** One outcome for each threshold at which something changes, from never to always. */
export function curveOf(data: ThresholdData): Outcome[] {
  const margins = [...new Set(data.drafts.map(marginOf))].sort((a, b) => b - a);
  return [NEVER, ...margins].map((threshold) => outcomeAt(data, threshold));
}

/** The outcome with the largest gain, saved minus harmed, among the thresholds of a slider. */
export function bestAmong(data: ThresholdData, thresholds: readonly number[]): { threshold: number; outcome: Outcome } {
  const all = thresholds.map((threshold) => ({ threshold, outcome: outcomeAt(data, threshold) }));
  return all.reduce((best, next) => (gainOf(next.outcome) > gainOf(best.outcome) ? next : best));
}

export function gainOf({ saved, harmed }: Outcome): number {
  return saved - harmed;
}
