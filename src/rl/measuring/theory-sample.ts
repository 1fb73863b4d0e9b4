import { assert } from '../../lib/assert';
import type { Decomposition } from './theory';
import { decompose } from './theory';

/** What the theory meters are computed from: drafts of several questions, their reviews, and what each cut turned out to be worth. */
export interface TheorySample {
  /** Q. */
  questions: number;
  /** (N) question of each draft, 0..Q-1. */
  question: ArrayLike<number>;
  /** (N) rewards of the drafts. */
  rewards: ArrayLike<number>;
  /** (N) 0 or 1. */
  em: ArrayLike<number>;
  /** (N) probability of acceptance. */
  alpha: ArrayLike<number>;
  /** (N) S_i, at least 1. */
  steps: ArrayLike<number>;
  maxSteps: number;
  /** (N, maxSteps) distribution of the cut given rejection. */
  h: ArrayLike<number>;
  /** n, at least 2: replicates of each cut. */
  replicates: number;
  /** (N, maxSteps, n) reward of every regeneration; 0 for k > S_i. */
  outcomes: ArrayLike<number>;
  /** (Q) mean rewards before and after the refiner in rollouts of their own, with fresh drafts. */
  freshBase: ArrayLike<number>;
  freshMeta: ArrayLike<number>;
}

/** Value of each cut (N, maxSteps): mean over the replicates from..to-1. */
export function cutValues(sample: TheorySample, from = 0, to = sample.replicates): Float64Array {
  const { outcomes, replicates } = sample;
  assert(0 <= from && from < to && to <= replicates, `cutValues: no replicates ${from} to ${to - 1} of ${replicates}`);
  return Float64Array.from({ length: outcomes.length / replicates }, (_, c) => {
    let sum = 0;
    for (let r = from; r < to; r++) sum += outcomes[c * replicates + r] ?? 0;
    return sum / (to - from);
  });
}

/** Weight of each draft where question q counts `counts[q]` times; they sum to 1. */
export function draftWeights(sample: TheorySample, counts: ArrayLike<number>): Float64Array {
  const weights = Float64Array.from({ length: sample.rewards.length }, (_, i) => counts[sample.question[i] ?? 0] ?? 0);
  const sum = weights.reduce((a, w) => a + w, 0);
  return weights.map((w) => w / sum);
}

/** The decomposition within each question alone: its drafts equally likely. */
export function decomposeQuestions(sample: TheorySample): Decomposition[] {
  const { questions, maxSteps } = sample;
  const values = cutValues(sample);
  return Array.from({ length: questions }, (_, q) => {
    const drafts = Array.from(sample.rewards, (_, i) => i).filter((i) => sample.question[i] === q);
    const pick = (list: ArrayLike<number>) => drafts.map((i) => list[i] ?? 0);
    const pickRows = (list: ArrayLike<number>) =>
      drafts.flatMap((i) => Array.from({ length: maxSteps }, (_, k) => list[i * maxSteps + k] ?? 0));
    return decompose({
      p: drafts.map(() => 1 / drafts.length),
      rewards: pick(sample.rewards),
      alpha: pick(sample.alpha),
      steps: pick(sample.steps),
      maxSteps,
      h: pickRows(sample.h),
      values: pickRows(values),
    });
  });
}
