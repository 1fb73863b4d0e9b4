import { cutValues, type TheorySample } from './theory-sample';

/** How well each draft's cut is chosen, given that it is cut; (N) each. */
export interface CutQuality {
  /** Value of the cut that the refiner draws: sum_k h(k) V(k). */
  chosen: Float64Array;
  /** Value of the cut that h is highest at, the one that evaluation makes. */
  likeliest: Float64Array;
  /** Mean of V over the steps. */
  uniform: Float64Array;
  /** Value of the best cut, chosen on half of the replicates and valued on the other half; mean of both ways round. */
  best: Float64Array;
  /** Share of the draft's other cuts that are worth less than the drawn one, equal ones half; NaN with one step. */
  rank: Float64Array;
  rankLikeliest: Float64Array;
}

/**
 * Choosing and valuing a cut on the same replicates would call luck skill, hence the halves; where several cuts are best on one
 * half, their values on the other are averaged. The refiner's own cut depends on no replicate, so all of them value it.
 */
export function cutQuality(sample: TheorySample): CutQuality {
  const { steps, maxSteps, h, replicates } = sample;
  const count = steps.length;
  const half = Math.floor(replicates / 2);
  const values = cutValues(sample);
  const halves = [cutValues(sample, 0, half), cutValues(sample, half)] as const;
  const list = () => new Float64Array(count);
  const quality: CutQuality = {
    chosen: list(),
    likeliest: list(),
    uniform: list(),
    best: list(),
    rank: list(),
    rankLikeliest: list(),
  };
  for (let i = 0; i < count; i++) {
    const row = (of: ArrayLike<number>) => Array.from({ length: steps[i] ?? 0 }, (_, k) => of[i * maxSteps + k] ?? 0);
    const [v, hi, first, second] = [row(values), row(h), row(halves[0]), row(halves[1])];
    const likeliest = hi.indexOf(Math.max(...hi));
    const ranks = v.map((_, k) => rankOf(v, k));
    quality.chosen[i] = dot(hi, v);
    quality.likeliest[i] = v[likeliest] ?? 0;
    quality.uniform[i] = average(v);
    quality.best[i] = (valueOfBest(first, second) + valueOfBest(second, first)) / 2;
    quality.rank[i] = dot(hi, ranks);
    quality.rankLikeliest[i] = ranks[likeliest] ?? NaN;
  }
  return quality;
}

function valueOfBest(choose: readonly number[], value: readonly number[]): number {
  const highest = Math.max(...choose);
  return average(value.filter((_, k) => choose[k] === highest));
}

function rankOf(values: readonly number[], at: number): number {
  const mine = values[at] ?? 0;
  const below = values.reduce((sum, v, k) => sum + (k === at ? 0 : v < mine ? 1 : v === mine ? 0.5 : 0), 0);
  return below / (values.length - 1);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
