import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { philox4x32, PURPOSES, uniformFromWord } from '../../lib/philox';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { extraReviews, trainsExtraReviews } from './extra-reviews';
import type { Learner } from './learner';
import { sweepCuts } from '../rollout/sweep';

const UPDATE = 3;
let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

function make(overrides: Partial<RunConfig> = {}): Learner {
  const learner = smallLearner(gpu, { prompts: 4, groupSize: 4, reviewSamples: 6, ...overrides });
  learner.startFrom(shippedBase(learner));
  return learner;
}

async function sampled(learner: Learner) {
  const rows = learner.questions(UPDATE);
  const options = learner.rolloutOptions(UPDATE);
  const result = await learner.roll(rows, options);
  const { config, family, rollout, optimizer } = learner;
  const given = { config, options, vocabulary: family.schema.vocabulary };
  const extra = await extraReviews(rollout, optimizer.params, rows, result, given);
  return { rows, result, extra, options };
}

describe('further reviews of a draft', () => {
  it('are drawn from its distribution and scored by what their own cut leads to', async () => {
    const learner = make();
    const { rows, result, extra, options } = await sampled(learner);
    const { draft, reviews, final } = result;
    expect(extra.actions).toHaveLength(5 * rows.length);
    const { runSeed, reward } = options;
    const outcomes = new Map<string, number>();
    let swept = 0;
    for (const [i, { side, row, integer, logProbs, advantage }] of extra.actions.entries()) {
      expect(side).toBe(draft);
      expect(row).toBe(Math.floor(i / 5));
      const word = philox4x32(
        draft.lengths[row]! + 1,
        rows[row]!.logicalRow,
        UPDATE,
        5000 + (i % 5),
        runSeed,
        PURPOSES.review,
      )[0];
      const below = (end: number) =>
        [...reviews.logProbs.subarray(row * 6, row * 6 + end)].reduce((sum, x) => sum + Math.exp(x), 0);
      expect(uniformFromWord(word)).toBeGreaterThan(below(integer) - 1e-5);
      expect(uniformFromWord(word)).toBeLessThan(below(integer + 1) + 1e-5);
      expect(logProbs[integer]).toBe(reviews.logProbs[row * 6 + integer]);
      const before = draft.rewards[row]!;
      if (integer === 0) expect(advantage).toBe(0);
      else if (integer === reviews.cuts[row]) expect(advantage).toBe(final.rewards[row]! - before);
      else {
        const key = `${row} ${integer}`;
        if (!outcomes.has(key)) {
          const cut = [{ draft: row, step: integer }];
          const sweep = { runSeed, update: UPDATE, reward, replicates: 1, firstReplicate: 5000 };
          const found = await sweepCuts(learner.rollout, learner.optimizer.params, rows, draft, cut, sweep);
          outcomes.set(key, found.rewards[0]!);
          swept += 1;
        }
        expect(advantage).toBe(outcomes.get(key)! - before);
      }
    }
    expect(swept).toBeGreaterThan(3);
    // An integer each, and at least an answer's worth of tokens for each regeneration.
    expect(extra.sampledTokens).toBeGreaterThan(extra.actions.length + 3 * swept);
    learner.destroy();
  });

  it('are cut where the cut rule says, whatever step they named', async () => {
    const learner = make({ reviewCut: 'first' });
    const { rows, result, extra } = await sampled(learner);
    for (const b of rows.keys()) {
      const mine = extra.actions.filter(({ row, integer }) => row === b && integer > 0);
      // All of them, and the draft's own review where it rejects, begin again: one outcome.
      const own = result.reviews.integers[b]! > 0 ? [result.final.rewards[b]! - result.draft.rewards[b]!] : [];
      expect(new Set([...own, ...mine.map(({ advantage }) => advantage)]).size).toBeLessThanOrEqual(1);
    }
    learner.destroy();
  });

  it('train the refiner and nobody else, and cost tokens', async () => {
    const lines = [];
    for (const reviewSamples of [1, 6]) {
      const learner = make({ reviewSamples });
      lines.push(await (await learner.update()).metrics);
      learner.destroy();
    }
    const [one, six] = lines;
    expect(six!['gradNormActor']).toBe(one!['gradNormActor']);
    expect(six!['gradNormReview']).not.toBe(one!['gradNormReview']);
    expect(six!['reviewRows']).toBeGreaterThan(one!['reviewRows']!);
    expect(six!['sampledTokens']).toBeGreaterThan(one!['sampledTokens']! + 5 * 16);
    expect(six!['rewardMean']).toBe(one!['rewardMean']);
  });

  it('are made only where they teach something', () => {
    const { config } = make();
    expect(trainsExtraReviews(config)).toBe(true);
    for (const off of [
      { refiner: 'none' },
      { reviewGate: 'never' },
      { reviewWeight: 0 },
      { reviewSamples: 1 },
    ] as const) {
      expect(trainsExtraReviews({ ...config, ...off })).toBe(false);
    }
  });

  it('are scored within the group where the draft’s own review is', async () => {
    const learner = make({ refinerAdvantage: 'group', process: 'passage', combine: 'sum', advantage: 'drgrpo' });
    const { rows, result, extra } = await sampled(learner);
    for (const { row, integer, advantage } of extra.actions) {
      const first = row - (row % 4);
      const group = [...result.final.rewards.subarray(first, first + 4)];
      if (integer > 0 || group.every((r) => r === group[0])) continue;
      const mean = group.reduce((a, r) => a + r, 0) / 4;
      expect(advantage).toBeCloseTo(result.draft.rewards[row]! - mean, 6);
    }
    expect(extra.actions.some(({ integer, advantage }) => integer === 0 && advantage !== 0)).toBe(true);
    expect(rows).toHaveLength(16);
    learner.destroy();
  });
});
