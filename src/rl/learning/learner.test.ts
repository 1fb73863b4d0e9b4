import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { mean } from '../../lib/stats';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { evaluate } from '../measuring/evaluate';
import { groupAdvantages } from './advantage';
import type { Learner } from './learner';
import type { LearnerState } from './learner-state';
import type { Metrics } from './metrics';
import { RolloutAborted } from '../rollout/rollout';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

/** Rewards for evidence alone: a weak base then has something to learn from in a few rows. */
function make(overrides: Partial<RunConfig> = {}): Learner {
  const learner = smallLearner(gpu, { prompts: 2, groupSize: 4, process: 'passage', combine: 'sum', ...overrides });
  learner.startFrom(shippedBase(learner));
  return learner;
}

/** As a line of metrics.jsonl: text, so that every digit counts. */
const update = async (learner: Learner): Promise<Metrics> => (await learner.update()).metrics;
const lineOf = async (learner: Learner) => JSON.stringify(await update(learner));

describe('readReviews', () => {
  it('says what the rollout’s reviews said of the same drafts, and what the base would', async () => {
    const learner = make();
    await learner.update();
    const { draft, reviews } = await learner.roll(learner.questions(5), learner.rolloutOptions(5));
    const present = await learner.readReviews(draft, 'present');
    expect(present).toHaveLength(draft.em.length * 6);
    reviews.logProbs.forEach((logProb, i) => {
      if (logProb === -Infinity) expect(present[i]).toBe(-Infinity);
      else expect(present[i]).toBeCloseTo(logProb, 4);
    });
    const base = await learner.readReviews(draft, 'base');
    expect(base).not.toEqual(present);
    learner.startFrom(shippedBase(learner));
    expect(await learner.readReviews(draft, 'present')).toEqual(base);
    await expect(learner.readReviews(draft, 'base', () => true)).rejects.toThrow(RolloutAborted);
    learner.destroy();
  });
});

describe('a run', () => {
  const metrics: Metrics[] = [];
  const lines = () => metrics.map((one) => JSON.stringify(one));
  let live = 0;
  let start: LearnerState;
  let afterTwo: LearnerState;
  let afterThree: LearnerState;

  beforeAll(async () => {
    live = gpu.buffers.liveCount;
    const learner = make();
    start = await learner.state();
    metrics.push(await update(learner), await update(learner));
    afterTwo = await learner.state();
    const made = [gpu.buffers.createdCount, learner.recorder.counts.bindGroups, gpu.pipelines.count];
    metrics.push(await update(learner));
    // An update after the first makes no buffer, bind group or pipeline.
    expect([gpu.buffers.createdCount, learner.recorder.counts.bindGroups, gpu.pipelines.count]).toEqual(made);
    afterThree = await learner.state();
    learner.destroy();
  });

  it('learns: weights move, the frozen base does not, and nothing is left behind', () => {
    expect(afterThree.base).toEqual(start.base);
    expect(start.params).toEqual(start.base);
    expect(afterThree.params).not.toEqual(afterTwo.params);
    expect(afterThree.params.every(Number.isFinite)).toBe(true);
    expect([afterThree.update, afterThree.optimizerStep]).toEqual([3, 3]);
    expect(gpu.buffers.liveCount).toBe(live);
    expect(metrics.map((one) => one['update'])).toEqual([1, 2, 3]);
    for (const one of metrics) {
      for (const [key, value] of Object.entries(one)) {
        expect(value === null || (typeof value === 'number' && Number.isFinite(value)), key).toBe(true);
      }
      expect(one['gradNormActor']).toBeGreaterThan(0);
    }
    // A review is trained where regeneration changed the reward.
    expect(Math.max(...metrics.map((one) => Number(one['gradNormReview'])))).toBeGreaterThan(0);
  });

  it('is the same twice, also with an evaluation and abandoned updates in between', async () => {
    const learner = make();
    const again = [await lineOf(learner)];
    const evaluation = await evaluate(learner);
    expect(evaluation['update']).toBe(1);
    for (const [key, value] of Object.entries(evaluation))
      expect(value === null || Number.isFinite(value), key).toBe(true);
    again.push(await lineOf(learner));
    let asked = 0;
    await expect(learner.update(undefined, () => ++asked > 60)).rejects.toThrow(RolloutAborted);
    let phase = '';
    const late = learner.update(
      (now) => (phase = now),
      () => phase === 'update',
    );
    await expect(late).rejects.toThrow(RolloutAborted);
    expect(await learner.state()).toEqual(afterTwo);
    again.push(await lineOf(learner));
    expect(again).toEqual(lines());
    expect(await learner.state()).toEqual(afterThree);
    learner.destroy();
  });

  it('goes on exactly from a saved state', async () => {
    const learner = make();
    learner.restore(afterTwo);
    expect(learner.updates).toBe(2);
    expect(await lineOf(learner)).toBe(lines()[2]);
    expect(await learner.state()).toEqual(afterThree);
    learner.destroy();
  });

  it('is another with another seed', async () => {
    const learner = make({ runSeed: 2 });
    expect(await lineOf(learner)).not.toBe(lines()[0]);
    learner.destroy();
  });
});

describe('compile', () => {
  it.each([
    {},
    { refiner: 'none' },
    { refiner: 'oracleLabel' },
    { refinerWeights: 'separate' },
  ] satisfies Partial<RunConfig>[])(
    'makes every pipeline that an update needs, and changes nothing: %o',
    async (overrides) => {
      const fresh = await openTestGpu();
      const learner = smallLearner(fresh, { prompts: 1, groupSize: 2, ...overrides });
      const before = await learner.state();
      await learner.compile();
      expect(await learner.state()).toEqual(before);
      // What is met without having been compiled is compiled on the spot, by this call.
      const onTheSpot = vi.spyOn(fresh.device, 'createComputePipeline');
      const { metrics } = await learner.update();
      await metrics;
      expect(onTheSpot).not.toHaveBeenCalled();
      learner.destroy();
      fresh.close();
    },
  );
});

describe('the arms', () => {
  async function one(overrides: Partial<RunConfig>) {
    const learner = make(overrides);
    const report = await learner.update();
    const metrics = await report.metrics;
    learner.destroy();
    return { ...report, metrics };
  }

  it('review without being trained at weight 0', async () => {
    const { metrics, rollout } = await one({ reviewWeight: 0 });
    expect([metrics['gradNormReview'], metrics['reviewLoss'], metrics['reviewRows']]).toEqual([0, 0, 0]);
    expect(Math.max(...rollout.reviews.cuts)).toBeGreaterThan(0);
    expect(metrics['gradNormActor']).toBeGreaterThan(0);
  });

  it('have no reviews without a refiner', async () => {
    const { metrics, rollout, reviewAdvantages } = await one({ refiner: 'none' });
    expect(Math.max(...rollout.reviews.cuts)).toBe(0);
    expect(rollout.final).toEqual(rollout.draft);
    expect(reviewAdvantages[0]?.every((a) => a === 0)).toBe(true);
    expect([metrics['revisionRate'], metrics['gradNormReview'], metrics['reviewEntropy']]).toEqual([0, 0, null]);
  });

  it('cut by the labels, which nothing learns', async () => {
    const { metrics, rollout } = await one({ refiner: 'oracleLabel' });
    expect([...rollout.reviews.cuts]).toEqual([...rollout.draft.flawed]);
    expect([metrics['reviewAccuracy'], metrics['gradNormReview'], metrics['reviewRows']]).toEqual([1, 0, 0]);
  });

  it('credit final trajectories within their group, and a review with what its cut changed, or as the group', async () => {
    const draftBaseline = await one({});
    const { rollout, advantages, reviewAdvantages, metrics } = draftBaseline;
    expect([...rollout.final.rewards]).not.toEqual([...rollout.draft.rewards]);
    const want = groupAdvantages({ rewards: rollout.final.rewards, groupSize: 4, mode: 'grpo' });
    expect(advantages).toEqual(want.advantages);
    expect(metrics).toMatchObject({
      rewardMean: mean(rollout.final.rewards),
      rewardDraftMean: mean(rollout.draft.rewards),
      zeroVarianceGroups: want.zeroVarianceGroups,
    });
    rollout.reviews.cuts.forEach((cut, b) => {
      const gain = rollout.final.rewards[b]! - rollout.draft.rewards[b]!;
      expect(reviewAdvantages[0]?.[b]).toBe(cut === 0 ? 0 : gain);
    });
    const group = await one({ refinerAdvantage: 'group' });
    expect(group.reviewAdvantages).toEqual([group.advantages]);
    expect(group.advantages).toEqual(draftBaseline.advantages);
  });
});
