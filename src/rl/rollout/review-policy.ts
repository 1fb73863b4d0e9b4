import type { RunConfig } from '../../config/schema';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Reviews, TrajectorySide } from './trajectory';

/** What a refiner does with drafts, as probabilities (method.md section 9). */
export interface ReviewPolicy {
  /** (N) probability that each draft is accepted. */
  alpha: Float64Array;
  /** (N, MAX_STEPS) distribution of the cut given rejection, column k - 1 is step k; each draft's sums to 1. */
  h: Float64Array;
}

/**
 * The refiner's distribution over the legal integers, from the log-probabilities that its reviews came with. An oracle of
 * labels accepts or cuts with certainty; where it accepts, h is what the network would say, which nothing depends on but how the
 * gain divides into its causes. Without a refiner: what the network's reviews would do. A gate or a cut rule that is not the
 * network's replaces its part of the distribution.
 */
export function reviewPolicy(
  reviews: Pick<Reviews, 'logProbs'>,
  drafts: Pick<TrajectorySide, 'stepCounts' | 'flawed' | 'em'>,
  { refiner, reviewGate, reviewCut }: Pick<RunConfig, 'refiner' | 'reviewGate' | 'reviewCut'>,
): ReviewPolicy {
  const count = drafts.stepCounts.length;
  const alpha = new Float64Array(count);
  const h = new Float64Array(count * MAX_STEPS);
  for (let i = 0; i < count; i++) {
    const logProbs = reviews.logProbs.subarray(i * 6, i * 6 + 6);
    const steps = drafts.stepCounts[i] ?? 0;
    const flawed = drafts.flawed[i] ?? 0;
    const cuts = logProbs.subarray(1, 1 + steps);
    const highest = Math.max(...cuts);
    const weights = Array.from(cuts, (logProb) => Math.exp(logProb - highest));
    const sum = weights.reduce((a, w) => a + w, 0);
    const byLabel = refiner === 'oracleLabel' || refiner === 'oracleWrong';
    const certain = byLabel ? flawed : reviewCut === 'first' ? 1 : 0;
    const accepts = flawed === 0 || (refiner === 'oracleWrong' && drafts.em[i] === 1);
    alpha[i] = byLabel ? Number(accepts) : reviewGate === 'never' ? 1 : Math.exp(logProbs[0] ?? 0);
    weights.forEach((w, k) => {
      h[i * MAX_STEPS + k] = certain > 0 ? Number(k + 1 === certain) : reviewCut === 'uniform' ? 1 / steps : w / sum;
    });
  }
  return { alpha, h };
}
