import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { MAX_STEPS } from '../../env/episode-limits';
import { WorldPool } from '../../env/pool';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { fakeRollout, NO_PARAMS, type Play } from '../../testing/engine/fake-rollout';
import { trainingOptions } from '../learning/rollout-options';
import { LANE, redrawnQuestions } from './evaluate';
import { measureTheory, sampleTheory, type Measured } from './measure-theory';
import { estimateTheory } from './theory-meters';
import { answer, family, positions, question, search, vocabulary } from '../../testing/engine/hand-text';

/** Two questions of four drafts: steps, reward, and what the two tries of each cut came to. Reviews say all alike. */
const DRAFTS: readonly { steps: 1 | 2; reward: number; tries: readonly number[] }[] = [
  { steps: 1, reward: 1, tries: [1, 0] },
  { steps: 1, reward: 0, tries: [1, 1] },
  { steps: 1, reward: 0, tries: [0, 0] },
  { steps: 1, reward: 1, tries: [2, 0] },
  { steps: 1, reward: 1, tries: [0, 0] },
  { steps: 2, reward: 0, tries: [1, 1, 0, 1] },
  { steps: 2, reward: 0, tries: [0, 0, 0, 0] },
  { steps: 2, reward: 1, tries: [1, 1, 0, 2] },
];
/** Rewards of the fresh rollouts, before and after the review. */
const FRESH = [
  [1, 0, 0, 0, 2, 2, 0, 1],
  [1, 1, 0, 0, 2, 2, 2, 1],
] as const;

const play: Play = ({ logicalRow, kept }, { replicate }) => {
  const { steps, reward, tries } = DRAFTS[logicalRow]!;
  if (kept !== undefined) {
    const step = kept.tokens.length === question.length ? 0 : 1;
    const tokens = [...kept.tokens, ...answer()];
    return { draft: { tokens, reward: tries[2 * step + kept.replicate - 4096]! } };
  }
  const tokens = [...question, ...(steps === 2 ? search() : []), ...answer()];
  if (replicate === 6) return { draft: { tokens, reward, em: reward > 0 ? 1 : 0 }, cut: 1 };
  return {
    draft: { tokens, reward: FRESH[0][logicalRow]! },
    cut: 1,
    final: { tokens, reward: FRESH[1][logicalRow]! },
  };
};

function make(overrides: Partial<RunConfig> = {}, batch = 3) {
  const config = configForPreset('search-r2', { poolSize: 3, runSeed: 5, maxRevisions: 2, ...overrides });
  const rollout = fakeRollout(vocabulary, { batch, positions }, play);
  const learner: Measured = {
    config,
    pool: new WorldPool(family, config),
    updates: 9,
    rolloutOptions: (update) => trainingOptions(config, update, null),
    rollout,
    optimizer: { params: NO_PARAMS },
  };
  return { learner, rollout };
}
const SIZE = { questions: 2, replicates: 2 };

describe('a sample of the theory by hand', () => {
  it('has drafts, reviews, the tries of every cut in its place, and fresh rollouts', async () => {
    const { learner, rollout } = make();
    const { sample, asked } = await sampleTheory(learner, SIZE);
    expect(sample.question).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect([...Array.from(sample.rewards)]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect(Array.from(sample.em)).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect(Array.from(sample.steps)).toEqual([1, 1, 1, 1, 1, 2, 2, 2]);
    [1 / 2, 1 / 2, 1 / 2, 1 / 2, 1 / 2, 1 / 3, 1 / 3, 1 / 3].forEach((alpha, i) =>
      expect(sample.alpha[i]).toBeCloseTo(alpha, 6),
    );
    DRAFTS.forEach(({ steps, tries }, i) => {
      const row = Array.from({ length: 2 * MAX_STEPS }, (_, k) => sample.outcomes[2 * MAX_STEPS * i + k]);
      expect(row).toEqual([...tries, ...new Array<number>(2 * MAX_STEPS - tries.length).fill(0)]);
      for (let k = 0; k < MAX_STEPS; k++) expect(sample.h[MAX_STEPS * i + k]).toBeCloseTo(k < steps ? 1 / steps : 0, 6);
    });
    expect([sample.questions, sample.replicates, sample.maxSteps]).toEqual([2, 2, MAX_STEPS]);
    expect(sample.freshBase).toEqual([1 / 4, 5 / 4]);
    expect(sample.freshMeta).toEqual([2 / 4, 7 / 4]);
    // The questions that no evaluation asks, four times each, numbered through.
    expect(asked).toEqual(redrawnQuestions(learner, 2, LANE.theory));
    const rolled = rollout.asked.filter(({ options }) => options.replicate > 0);
    for (const replicate of [6, 7]) {
      const parts = rolled.filter(({ options }) => options.replicate === replicate).map(({ rows }) => rows);
      expect(parts.map((rows) => rows.length)).toEqual([3, 3, 2]);
      expect(parts.flat()).toEqual(
        Array.from({ length: 8 }, (_, i) => ({ ...asked[Math.floor(i / 4)], logicalRow: i })),
      );
    }
    const tried = rollout.asked.filter(({ options }) => options.replicate === 0);
    expect(tried.every(({ options }) => options.update === 9 && options.runSeed === 5 && options.review === null)).toBe(
      true,
    );
  });

  it('asks for no more than there is', async () => {
    const { learner, rollout } = make({}, 4);
    await sampleTheory(learner, SIZE);
    expect(rollout.asked.map(({ rows }) => rows.length)).toEqual([4, 4, ...new Array<number>(5).fill(4), 2, 4, 4]);
  });

  it('takes one review of the run’s own kind, or the network’s where nobody reviews', async () => {
    const reviewsOf = async (overrides: Partial<RunConfig>) => {
      const { learner, rollout } = make(overrides);
      await sampleTheory(learner, SIZE);
      return rollout.asked.flatMap(({ options: { review, replicate } }) => (replicate > 0 ? [review] : []));
    };
    const plain = { mode: 'sample', margin: 0, gate: 'model', cut: 'model', revisions: 1 };
    for (const review of await reviewsOf({ refiner: 'none' })) expect(review).toEqual(plain);
    for (const review of await reviewsOf({ refiner: 'oracleLabel', reviewCut: 'first', margin: 1 }))
      expect(review).toEqual({ ...plain, mode: 'oracleLabel', cut: 'first', margin: 1 });
  });
});

describe('a report by hand', () => {
  async function measured() {
    const { learner } = make();
    return { learner, report: await measureTheory(learner, SIZE) };
  }

  it('has the terms within each question', async () => {
    const { learner, report } = await measured();
    expect(report).toMatchObject({ update: 9, questions: 2, draftsPerQuestion: 4, replicates: 2 });
    const { hops, ...terms } = report.perQuestion;
    expect(hops).toEqual(redrawnQuestions(learner, 2, LANE.theory).map(({ chain }) => chain.relations.length));
    // Question 0: alpha 1/2 and h 1 throughout; R 1, 0, 0, 1 and V 1/2, 1, 0, 1.
    // Question 1: alpha 1/2, 1/3, 1/3, 1/3; R 1, 0, 0, 1; jTrim 0, 3/4, 0, 1; G (-1), (1, 1/2), (0, 0), (0, 0).
    expect(terms).toEqual({
      jBase: [0.5, 0.5],
      jMeta: [0.5625, 0.5],
      zAcc: [0.5, 0.375],
      aPrec: [0, 0.0390625],
      sTrim: [0, -0.109375],
      gBar: [0.125, 0.046875],
      jBaseFresh: [0.25, 1.25],
      jMetaFresh: [0.5, 1.75],
    });
  });

  it('has the meters and bins of the sample, drawn by a stream of its own', async () => {
    const { learner, report } = await measured();
    const { sample } = await sampleTheory(learner, SIZE);
    const { meters, intervals, reliability } = estimateTheory(sample, new PhiloxStream(5, PURPOSES.sweep, 0, 9, 0));
    expect(report.meters).toEqual(meters);
    expect(report.intervals).toEqual(intervals);
    expect(report.meters['gainFresh']).toBeCloseTo((2 + 7 - 1 - 5) / 8, 12);
    // Rejection 1/2 five times, of which two are right; 2/3 three times, of which two are wrong.
    const filled = report.reliability.filter(({ share }) => share > 0);
    expect(filled).toEqual([
      { from: 0.5, to: 0.6, share: 0.625, predicted: 0.5, observed: 0.4 },
      { from: 0.6, to: 0.7, share: 0.375, predicted: 0.666667, observed: 0.666667 },
    ]);
    expect(report.reliability.find(({ share }) => share === 0)).toMatchObject({ predicted: null, observed: null });
    expect(report.reliability).toHaveLength(reliability.length);
  });

  it('is of the size of the settings unless told otherwise', async () => {
    const { learner } = make({ theoryQuestions: 1, theoryReplicates: 2 });
    expect(await measureTheory(learner)).toMatchObject({ questions: 1, replicates: 2 });
  });
});
