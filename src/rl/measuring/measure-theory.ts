import { MAX_STEPS } from '../../env/episode-limits';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { mean } from '../../lib/stats';
import { LANE, redrawnQuestions, REPLICATE } from './evaluate';
import type { Learner } from '../learning/learner';
import { reviewPolicy } from '../rollout/review-policy';
import type { ReviewOptions, Roller, RolloutResult, RolloutRow, ShouldStop } from '../rollout/rollout';
import { everyCut, sweepCuts } from '../rollout/sweep';
import { decomposeQuestions, type TheorySample } from './theory-sample';
import { estimateTheory, type TheoryEstimate } from './theory-meters';
import { joinSides } from '../rollout/trajectory';

/** Drafts of each question for the sweep, and fresh rollouts of it for the other side of the identity. */
export const DRAFTS_PER_QUESTION = 4;
/** Sweeps of a measurement have replicates of their own, apart from those of a sweep in training. */
const FIRST_REPLICATE = 4096;

/** What a measurement needs of a learner. */
export interface Measured extends Pick<Learner, 'config' | 'pool' | 'updates' | 'rolloutOptions'> {
  rollout: Roller;
  optimizer: Pick<Learner['optimizer'], 'params'>;
}

/** One line of theory.jsonl. */
export interface TheoryReport extends TheoryEstimate {
  update: number;
  questions: number;
  draftsPerQuestion: number;
  replicates: number;
  /** (Q) each: the terms within one question. */
  perQuestion: Record<
    'hops' | 'jBase' | 'jMeta' | 'zAcc' | 'aPrec' | 'sTrim' | 'gBar' | 'jBaseFresh' | 'jMetaFresh',
    number[]
  >;
}

export interface TheorySize {
  questions: number;
  /** n, regenerations a cut. */
  replicates: number;
}

/**
 * Everything the meters need, with the current weights, on questions of held-out worlds that no evaluation asks: every step of
 * every draft cut n times (one review, temperature 1), and as many rollouts again with fresh drafts, reviews and suffixes.
 *
 * @param shouldStop asked between submits; a yes throws RolloutAborted. The weights are never touched.
 */
export async function sampleTheory(
  learner: Measured,
  { questions, replicates }: TheorySize,
  shouldStop?: ShouldStop,
): Promise<{ sample: TheorySample; asked: RolloutRow[] }> {
  const { rollout, optimizer, config, updates } = learner;
  const asked = redrawnQuestions(learner, questions, LANE.theory);
  const rows = asked.flatMap((row, q) =>
    Array.from({ length: DRAFTS_PER_QUESTION }, (_, d) => ({ ...row, logicalRow: q * DRAFTS_PER_QUESTION + d })),
  );
  const options = learner.rolloutOptions(updates);
  // The identity is about one review, however many a run makes.
  const byModel = { mode: 'sample', margin: 0, gate: 'model', cut: 'model' } as const;
  const review: ReviewOptions = { ...(options.review ?? byModel), revisions: 1 };
  const roll = async (replicate: number): Promise<RolloutResult[]> => {
    const results: RolloutResult[] = [];
    for (let start = 0; start < rows.length; start += rollout.batch) {
      const part = rows.slice(start, start + rollout.batch);
      results.push(await rollout.run(optimizer.params, part, { ...options, replicate, review }, shouldStop));
    }
    return results;
  };
  const results = await roll(REPLICATE.theoryDrafts);
  const drafts = joinSides(results.map(({ draft }) => draft));
  const cuts = everyCut(drafts);
  const { runSeed, reward } = options;
  const sweep = { runSeed, update: updates, reward, replicates, firstReplicate: FIRST_REPLICATE };
  const swept = await sweepCuts(rollout, optimizer.params, rows, drafts, cuts, sweep, shouldStop);
  const outcomes = new Float64Array(rows.length * MAX_STEPS * replicates);
  cuts.forEach(({ draft, step }, c) => {
    const values = swept.rewards.subarray(c * replicates, (c + 1) * replicates);
    outcomes.set(values, (draft * MAX_STEPS + step - 1) * replicates);
  });
  const fresh = await roll(REPLICATE.theoryFresh);
  const perQuestion = (side: 'draft' | 'final') => {
    const rewards = fresh.flatMap((result) => [...result[side].rewards]);
    return asked.map((_, q) => mean(rewards.slice(q * DRAFTS_PER_QUESTION, (q + 1) * DRAFTS_PER_QUESTION)));
  };
  const logProbs = Float32Array.from(results.flatMap(({ reviews }) => [...reviews.logProbs]));
  const sample: TheorySample = {
    questions,
    question: rows.map((_, i) => Math.floor(i / DRAFTS_PER_QUESTION)),
    rewards: drafts.rewards,
    em: drafts.em,
    ...reviewPolicy({ logProbs }, drafts, config),
    steps: drafts.stepCounts,
    maxSteps: MAX_STEPS,
    replicates,
    outcomes,
    freshBase: perQuestion('draft'),
    freshMeta: perQuestion('final'),
  };
  return { sample, asked };
}

/** Samples and meters of one point of a run; intervals at 95 % from 1,000 resamples of whole questions. */
export async function measureTheory(
  learner: Measured,
  size: TheorySize = { questions: learner.config.theoryQuestions, replicates: learner.config.theoryReplicates },
  shouldStop?: ShouldStop,
): Promise<TheoryReport> {
  const { sample, asked } = await sampleTheory(learner, size, shouldStop);
  // Lane 0 is attempt 0, which no sweep has: the resampling shares no number with it.
  const stream = new PhiloxStream(learner.config.runSeed, PURPOSES.sweep, 0, learner.updates, 0);
  const within = decomposeQuestions(sample);
  const round = (x: number) => Number(x.toPrecision(6));
  const rounded = (list: ArrayLike<number>) => Array.from(list, round);
  const term = (key: 'jBase' | 'jMeta' | 'zAcc' | 'aPrec' | 'sTrim' | 'gBar') =>
    rounded(within.map((terms) => terms[key]));
  const { meters, intervals, reliability } = estimateTheory(sample, stream);
  return {
    update: learner.updates,
    questions: size.questions,
    draftsPerQuestion: DRAFTS_PER_QUESTION,
    replicates: size.replicates,
    meters,
    intervals,
    reliability: reliability.map((bin) => ({
      from: bin.from,
      to: bin.to,
      share: round(bin.share),
      predicted: bin.predicted === null ? null : round(bin.predicted),
      observed: bin.observed === null ? null : round(bin.observed),
    })),
    perQuestion: {
      hops: asked.map(({ chain }) => chain.relations.length),
      jBase: term('jBase'),
      jMeta: term('jMeta'),
      zAcc: term('zAcc'),
      aPrec: term('aPrec'),
      sTrim: term('sTrim'),
      gBar: term('gBar'),
      jBaseFresh: rounded(sample.freshBase),
      jMetaFresh: rounded(sample.freshMeta),
    },
  };
}
