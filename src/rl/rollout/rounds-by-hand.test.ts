import { describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import { reviewsOf, sideOf } from '../../testing/engine/sides';
import { earliestCuts, reviewRounds, revisionsOf } from './rounds';

const { vocabulary } = microwikiFamily().schema;
const { special: s, entityBase: e } = vocabulary;
const tokens = [s.bos, e, s.question, s.think, s.endThink, s.answer, e, s.endAnswer, s.eos];
const text = (reward: number) =>
  sideOf(
    vocabulary,
    12,
    [0, 1, 2, 3].map(() => ({ tokens, reward })),
  );
const [first, second, third, final] = [text(0), text(1), text(2), text(3)] as const;
const round = (draft: typeof first, cuts: readonly number[]) => ({ draft, reviews: reviewsOf(draft, cuts) });
/** Row 0 is cut three times, the second time later than the first; row 1 twice, row 2 once, row 3 never. */
const result = {
  ...round(first, [2, 3, 4, 0]),
  later: [round(second, [3, 1, 0, 0]), round(third, [3, 0, 0, 0])],
  final,
};

describe('the rounds of reviews', () => {
  it('each read what the one before left, and the last leaves the final text', () => {
    const rounds = reviewRounds(result);
    expect(rounds.map(({ draft, after }) => [draft.rewards[0], after.rewards[0]])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(rounds.map(({ reviews }) => [...reviews.cuts])).toEqual([
      [2, 3, 4, 0],
      [3, 1, 0, 0],
      [3, 0, 0, 0],
    ]);
    expect(reviewRounds({ ...result, later: [] })[0]?.after).toBe(final);
  });

  it('count the cuts of a row, and know the earliest', () => {
    expect([0, 1, 2, 3].map((b) => revisionsOf(result, b))).toEqual([3, 2, 1, 0]);
    expect([...earliestCuts(result)]).toEqual([2, 1, 4, 0]);
    // The first review's cuts stay as they were.
    expect([...result.reviews.cuts]).toEqual([2, 3, 4, 0]);
  });
});
