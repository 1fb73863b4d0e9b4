import { MAX_STEPS } from '../../env/episode-limits';
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

/**
 * What the actor's own doubt says, without any reading: a draft is the likelier wrong the less likely its least likely token was,
 * and is cut at that token's step. The control for a refiner that is told how sure the actor was.
 *
 * @returns (B,6) scores in the place of log-probabilities, for `readingMeters`
 */
export function doubtScores({ logProbs, stepStarts, stepCounts, lengths }: TrajectorySide): Float32Array {
  const batch = lengths.length;
  const positions = logProbs.length / batch;
  const scores = new Float32Array(batch * 6).fill(-Infinity);
  for (let b = 0; b < batch; b++) {
    const steps = stepCounts[b] ?? 0;
    for (let step = 0; step < steps; step++) {
      const from = stepStarts[b * MAX_STEPS + step] ?? 0;
      const end = step + 1 < steps ? (stepStarts[b * MAX_STEPS + step + 1] ?? 0) : (lengths[b] ?? 0);
      scores[b * 6 + 1 + step] = -Math.min(...logProbs.subarray(b * positions + from, b * positions + end));
    }
    scores[b * 6] = -Math.max(...scores.subarray(b * 6 + 1, b * 6 + 6));
  }
  return scores;
}

/** Of equally likely cuts the first. */
function likeliestCut([, ...cuts]: Float32Array): number {
  return 1 + cuts.indexOf(Math.max(...cuts));
}
