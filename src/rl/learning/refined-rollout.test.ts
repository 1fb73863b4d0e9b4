import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { evaluate } from '../measuring/evaluate';
import type { Learner } from './learner';
import { bestCuts } from './refined-rollout';
import { everyCut, sweepCuts } from '../rollout/sweep';
import type { TrajectorySide } from '../rollout/trajectory';

let gpu: Gpu;
let learner: Learner;
beforeAll(async () => {
  gpu = await openTestGpu();
  learner = smallLearner(gpu, { prompts: 6, groupSize: 4, refiner: 'oracleValue', oracleReplicates: 3 });
  learner.startFrom(shippedBase(learner));
});
afterAll(() => gpu.close());

const textOf = (side: TrajectorySide, b: number) => {
  const start = b * learner.positions;
  return [side.tokens, side.logProbs].map((list) => [...list.subarray(start, start + side.lengths[b]!)]);
};

describe('bestCuts', () => {
  it('takes the highest mean reward, where it exceeds that of the draft', () => {
    const cuts = [0, 0, 1, 1, 2].map((draft, c) => ({ draft, step: 1 + (c % 2) }));
    // Means: 0.5 and 1 over a draft of 0.5; 1 and 1 over 0; 1 over 1.
    const rewards = Float32Array.of(0, 1, 1, 1, 2, 0, 1, 1, 1, 1);
    const drafts = { rewards: Float32Array.of(0.5, 0, 1) };
    expect(bestCuts(drafts, cuts, rewards, 2)).toEqual([cuts[1], cuts[2]]);
  });
});

describe('the value oracle', () => {
  it('makes the best of all cuts, and goes on from it as after a review that had made it', async () => {
    const rows = learner.questions(3);
    const options = learner.rolloutOptions(3);
    const result = await learner.roll(rows, options);
    const { draft, final, reviews } = result;
    // The same tries, chosen by hand: replicates 8192, 8193 and 8194 of the sweep's stream.
    const every = everyCut(draft);
    const { runSeed, update, reward } = options;
    const sweep = { runSeed, update, reward, replicates: 3, firstReplicate: 8192 };
    const { rewards } = await sweepCuts(learner.rollout, learner.optimizer.params, rows, draft, every, sweep);
    rows.forEach((_, b) => {
      let [best, value] = [0, draft.rewards[b]!];
      every.forEach((cut, c) => {
        const mean = (rewards[3 * c]! + rewards[3 * c + 1]! + rewards[3 * c + 2]!) / 3;
        if (cut.draft === b && mean > value) [best, value] = [cut.step, mean];
      });
      expect(reviews.cuts[b]).toBe(best);
    });
    const byLabel = await learner.rollout.run(learner.optimizer.params, rows, {
      ...options,
      review: { mode: 'oracleLabel', margin: 0, gate: 'model', cut: 'model' },
    });
    expect(draft).toEqual(byLabel.draft);
    let same = 0;
    reviews.cuts.forEach((cut, b) => {
      if (cut === 0) expect(textOf(final, b)).toEqual(textOf(draft, b));
      if (cut === 0 || cut !== byLabel.reviews.cuts[b]) return;
      same += 1;
      expect(textOf(final, b)).toEqual(textOf(byLabel.final, b));
      expect(final.rewards[b]).toBe(byLabel.final.rewards[b]);
      expect([...final.passages.subarray(b * 12, b * 12 + 12)]).toEqual([
        ...byLabel.final.passages.subarray(b * 12, b * 12 + 12),
      ]);
      expect(final.stepStarts[b * MAX_STEPS + cut - 1]).toBe(draft.stepStarts[b * MAX_STEPS + cut - 1]);
    });
    expect(same).toBeGreaterThan(0);
  });

  it('trains no review, repeats exactly, and refines evaluations too', async () => {
    const first = await (await learner.update()).metrics;
    expect([first['reviewRows'], first['gradNormReview']]).toEqual([0, 0]);
    expect(first['revisionRate']).toBeGreaterThan(0);
    const evaluation = await evaluate(learner);
    expect(evaluation['emSampledRefined']).not.toBeNull();
    learner.startFrom(shippedBase(learner));
    expect(await (await learner.update()).metrics).toEqual(first);
  });
});
