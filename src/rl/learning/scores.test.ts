import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { microwikiFamily } from '../../env/microwiki';
import { reviewsOf, sideOf } from '../../testing/engine/sides';
import type { RolloutResult } from '../rollout/rollout';
import { reviewActions } from './review-actions';
import { lossOf, scoreRollout } from './scores';

const { vocabulary } = microwikiFamily().schema;
const { special: s, entityBase: e } = vocabulary;
const tokens = [s.bos, e, s.question, s.think, s.endThink, s.answer, e, s.endAnswer, s.eos];
const side = (rewards: readonly number[]) =>
  sideOf(
    vocabulary,
    12,
    rewards.map((reward) => ({ tokens, reward, em: reward > 0 ? 1 : 0 })),
  );

/** Three questions of three rows. As drafts the second and third teach something, as final trajectories the first alone. */
const draft = side([1, 1, 1, 0, 2, 1, 0, 0, 3]);
const final = side([0, 2, 1, 1, 1, 1, 2, 2, 2]);
const result: RolloutResult = { draft, final, later: [], reviews: reviewsOf(draft, [1, 1, 0, 1, 1, 0, 1, 1, 1]) };
const config = configForPreset('search-r2', { groupSize: 3, advantage: 'drgrpo' });
const lists = (given: Partial<RunConfig>) =>
  scoreRollout(result, { ...config, ...given }).reviews.map((list) => [...list]);

describe('scoreRollout', () => {
  it('compares the rewards of the final trajectories within each question, by the mode of the settings', () => {
    const { advantages, zeroVarianceGroups } = scoreRollout(result, config);
    expect([...advantages]).toEqual([-1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(zeroVarianceGroups).toBe(2);
    const { advantages: others } = scoreRollout(result, { ...config, advantage: 'rloo' });
    expect([...others].slice(0, 3)).toEqual([-1.5, 1.5, 0]);
  });

  it('credits a review with what the reward rose by from the draft, or with the final trajectory’s advantage', () => {
    expect(lists({ refinerAdvantage: 'draftBaseline' })).toEqual([[-1, 1, 0, 1, -1, 0, 2, 2, -1]]);
    expect(lists({ refinerAdvantage: 'group' })).toEqual([[-1, 1, 0, 0, 0, 0, 0, 0, 0]]);
  });

  it('credits no review that nothing follows from, nor one that no network made', () => {
    const reviewed = result.reviews.reviewed.map((_, b) => (b < 2 ? 0 : 1));
    const fewer = { ...result, reviews: { ...result.reviews, reviewed } };
    expect([...scoreRollout(fewer, { ...config, refinerAdvantage: 'group', advantage: 'rloo' }).reviews[0]!]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect([...scoreRollout(fewer, config).reviews[0]!]).toEqual([0, 0, 0, 1, -1, 0, 2, 2, -1]);
    const none = [[0, 0, 0, 0, 0, 0, 0, 0, 0]];
    for (const refinerAdvantage of ['draftBaseline', 'group'] as const) {
      expect(lists({ refinerAdvantage, reviewGate: 'never' })).toEqual(none);
      expect(lists({ refinerAdvantage, refiner: 'oracleLabel' })).toEqual(none);
    }
  });
});

describe('the loss of one part', () => {
  const { advantages, reviews: scores } = scoreRollout(result, config);
  const reviews = reviewActions(result, scores);
  const given = { ...config, klBeta: 0.04, entropyBonus: 0.01 };

  it('is all of it by default, and without the reviews the actor’s', () => {
    expect(lossOf('both', advantages, reviews, given)).toEqual({ advantages, reviews, options: given });
    expect(lossOf('actor', advantages, reviews, given)).toEqual({ advantages, reviews: [], options: given });
  });

  it('is the refiner’s where nothing pulls at the actor: no advantage, no penalty, no bonus', () => {
    const loss = lossOf('refiner', advantages, reviews, given);
    expect([...loss.advantages]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(loss.reviews).toBe(reviews);
    expect(loss.options).toEqual({ ...given, klBeta: 0, entropyBonus: 0 });
  });
});
