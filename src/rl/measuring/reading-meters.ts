import { mean } from '../../lib/stats';
import type { TrajectorySide } from '../rollout/trajectory';
import { areaUnderCurve } from './calibration';

export interface ReadingMeters {
  /** Chance that a wrong draft is held to be likelier wrong than a right one, ties half; null with one kind alone. */
  auc: number | null;
  /** Share of the wrong drafts whose likeliest cut is the flawed step; null where no draft is wrong. */
  cutHit: number | null;
}

/**
 * How well reviews read drafts, whatever they decide (docs/metrics.md).
 *
 * @param logProbs (B,6) of the integers 0..5, -Infinity past S
 */
export function readingMeters(
  logProbs: Float32Array,
  { em, flawed }: Pick<TrajectorySide, 'em' | 'flawed'>,
): ReadingMeters {
  const cases = Array.from(em, (right, b) => ({ p: -(logProbs[b * 6] ?? 0), y: 1 - right, w: 1 }));
  const hits = Array.from(em.keys())
    .filter((b) => em[b] === 0)
    .map((b) => (likeliestCut(logProbs.subarray(b * 6, b * 6 + 6)) === flawed[b] ? 1 : 0));
  return { auc: areaUnderCurve(cases), cutHit: hits.length === 0 ? null : mean(hits) };
}

/** Of equally likely cuts the first. */
function likeliestCut([, ...cuts]: Float32Array): number {
  return 1 + cuts.indexOf(Math.max(...cuts));
}
