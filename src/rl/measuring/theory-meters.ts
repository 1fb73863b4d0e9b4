/** The theory meters (method.md section 9): what each is, from a sample; formulas and good ranges in docs/metrics.md. */
import { bootstrapIntervals, type Interval } from '../../lib/stats';
import type { PhiloxStream } from '../../lib/philox';
import { calibrate, type ReliabilityBin } from './calibration';
import { cutQuality } from './cut-quality';
import type { Metrics } from '../learning/metrics';
import { decompose } from './theory';
import { cutValues, decomposeQuestions, draftWeights, type TheorySample } from './theory-sample';

/** Meters of a sample as a function of how often each question counts (Q); all once is the estimate itself. */
export function theoryMeters(sample: TheorySample): (counts: ArrayLike<number>) => Metrics {
  const values = cutValues(sample);
  const within = decomposeQuestions(sample);
  const quality = cutQuality(sample);
  const { rejection, wrong } = discriminator(sample);
  return (counts) => {
    const p = draftWeights(sample, counts);
    const { rewards, alpha, steps, maxSteps, h } = sample;
    const all = decompose({ p, rewards, alpha, steps, maxSteps, h, values });
    const { jBase, jMeta, zAcc, vInter, aPrec, sTrim, gBar } = all;
    const overQuestions = (of: (q: number) => number) => weightedMean(counts, of);
    const freshBase = overQuestions((q) => sample.freshBase[q] ?? 0);
    const freshMeta = overQuestions((q) => sample.freshMeta[q] ?? 0);
    const gain = aPrec + vInter * (sTrim + gBar);
    // What a cut is worth counts where the refiner cuts.
    const revised = p.map((w, i) => w * (rejection[i] ?? 0));
    const ofRevised = (list: ArrayLike<number>) => weightedMean(revised, (i) => list[i] ?? 0);
    const several = revised.map((w, i) => ((steps[i] ?? 0) > 1 ? w : 0));
    const cut = ofRevised(quality.chosen);
    const likeliest = ofRevised(quality.likeliest);
    const uniform = ofRevised(quality.uniform);
    const best = ofRevised(quality.best);
    const calibration = calibrate(rejection, wrong, p);
    return nullify({
      jBase,
      jMeta,
      zAcc,
      vInter,
      aPrec,
      sTrim,
      gBar,
      gainSweep: gain,
      aPrecWithin: overQuestions((q) => within[q]?.aPrec ?? 0),
      sTrimWithin: overQuestions((q) => within[q]?.sTrim ?? 0),
      gBarWithin: overQuestions((q) => within[q]?.gBar ?? 0),
      jBaseFresh: freshBase,
      jMetaFresh: freshMeta,
      gainFresh: freshMeta - freshBase,
      identityGap: freshMeta - freshBase - gain,
      cutValue: cut,
      cutValueLikeliest: likeliest,
      cutValueUniform: uniform,
      cutValueBest: best,
      cutRegret: best - cut,
      cutRegretLikeliest: best - likeliest,
      cutProgress: progress(cut, uniform, best),
      cutProgressLikeliest: progress(likeliest, uniform, best),
      cutRank: weightedMean(several, (i) => quality.rank[i] ?? 0),
      cutRankLikeliest: weightedMean(several, (i) => quality.rankLikeliest[i] ?? 0),
      brier: calibration.brier,
      brierReference: calibration.brierReference,
      calibrationError: calibration.error,
      discriminatorAuc: calibration.auc,
    });
  };
}

export interface TheoryEstimate {
  meters: Metrics;
  /** 95 % (or `level`) by question, for every meter that has one. */
  intervals: Record<string, Interval>;
  reliability: ReliabilityBin[];
}

/** Meters with percentile bootstrap intervals: whole questions are drawn with replacement, `resamples` times. */
export function estimateTheory(
  sample: TheorySample,
  stream: PhiloxStream,
  resamples = 1000,
  level = 0.95,
): TheoryEstimate {
  const meters = theoryMeters(sample);
  const once = new Float64Array(sample.questions).fill(1);
  const { rejection, wrong } = discriminator(sample);
  return {
    meters: meters(once),
    intervals: bootstrapIntervals(sample.questions, meters, stream, resamples, level),
    reliability: calibrate(rejection, wrong, draftWeights(sample, once)).bins,
  };
}

/** What the discriminator predicts, that a draft is wrong, and whether it is. */
function discriminator(sample: TheorySample) {
  return {
    rejection: Array.from(sample.alpha, (alpha) => 1 - alpha),
    wrong: Array.from(sample.em, (em) => 1 - em),
  };
}

/** Share of the way from a uniform cut to the best one; NaN where the best is no better. */
function progress(cut: number, uniform: number, best: number): number {
  return best > uniform ? (cut - uniform) / (best - uniform) : NaN;
}

/** Entries of weight 0 are not looked at; NaN without weight. */
function weightedMean(weights: ArrayLike<number>, of: (i: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i] ?? 0;
    if (w === 0) continue;
    sum += w * of(i);
    total += w;
  }
  return sum / total;
}

function nullify(meters: Metrics): Metrics {
  return Object.fromEntries(Object.entries(meters).map(([key, value]) => [key, Number.isFinite(value) ? value : null]));
}
