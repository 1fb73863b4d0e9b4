/** What a cut sweep says about the cuts of one draft. */
import { estimateMean } from '../lib/inference';
import { mean } from '../lib/stats';
import type { CutSweep } from '../trainer/protocol/protocol';

export interface CutValue {
  /** 0 accepts the draft, j cuts it at step j. */
  step: number;
  /** Mean reward; of accept the draft's own. */
  mean: number;
  /** 95% interval of the mean (Student's t), cut off at a reward of 0; null for accept, which is not sampled. */
  interval: { low: number; high: number } | null;
}

export interface CutValues {
  /** Accept first, then each step. */
  choices: CutValue[];
  /** The update after which the weights were read. */
  update: number;
  /** Replicates a cut. */
  n: number;
  /** Value of a cut drawn at random: the mean over the steps. */
  uniform: number;
  /** The choice with the highest mean, of equal ones the first. */
  best: number;
  /** What the best choice is worth above the refiner's, and the refiner's place among all choices; null without a refiner. */
  regret: number | null;
  rank: number | null;
}

/**
 * @param draftReward reward of the draft as it is
 * @param chosen what the refiner did: 0 accepted, j cut at step j; null without a refiner
 */
export function cutValues(sweep: CutSweep, draftReward: number, chosen: number | null): CutValues {
  const n = sweep.replicates;
  const steps = sweep.rewards.length / n;
  const cuts = Array.from({ length: steps }, (_, k): CutValue => {
    const { mean: value, low, high } = estimateMean(Array.from(sweep.rewards.subarray(k * n, (k + 1) * n)));
    const interval = Number.isFinite(low) ? { low: Math.max(0, low), high } : null;
    return { step: k + 1, mean: value, interval };
  });
  const choices: CutValue[] = [{ step: 0, mean: draftReward, interval: null }, ...cuts];
  const highest = Math.max(...choices.map((choice) => choice.mean));
  const own = chosen === null ? undefined : choices[chosen]?.mean;
  return {
    choices,
    update: sweep.update,
    n,
    uniform: mean(cuts.map((cut) => cut.mean)),
    best: choices.find((choice) => choice.mean === highest)?.step ?? 0,
    regret: own === undefined ? null : highest - own,
    rank: own === undefined ? null : 1 + choices.filter((choice) => choice.mean > own).length,
  };
}
