import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import type { Aggregation } from '../../kernels/grpo/grpo';
import { reviewsOf, sideOf, type SideRow } from '../../testing/engine/sides';
import { actorSequences, allowedTable, labelSequences, reviewSequences } from './loss-rows';
import { reviewActions, reviewAdvantages, weighReviews, type ReviewAction } from './review-actions';
import type { RolloutResult } from '../rollout/rollout';
import { answer, positions, question, search, vocabulary } from '../../testing/engine/hand-text';

const { special: s, entityBase: e } = vocabulary;

// 4 tokens of the question; 7 sampled and 14 forced ones a search; 6 of an answer.
/** Every position has a log-probability that names its text and place. */
const text = (id: number, tokens: readonly number[], rest: Partial<SideRow> = {}): SideRow => {
  const all = [...question, ...tokens];
  return { tokens: all, logProbs: all.map((_, t) => -(100 * id + t)), ...rest };
};
const BEHIND = { reviewReading: 'behind', reviewSees: 'text' } as const;
/** Six log-probabilities of so many legal integers. */
const equally = (legal: number) =>
  Float32Array.from({ length: 6 }, (_, j) => (j < legal ? -Math.log(legal) : -Infinity));
const side = (rows: readonly SideRow[]) => sideOf(vocabulary, positions, rows);

/**
 * Row 0: accepted at once. Row 1: two searches and a wrong answer, cut at step 2, then cut at step 1, then right.
 */
const accepted = text(9, answer(e), { em: 1, reward: 1 });
const draft = side([accepted, text(1, [...search(e), ...search(e + 1), ...answer(e)])]);
const middle = side([accepted, text(2, [...search(e), ...answer(e + 1)])]);
const final = side([accepted, text(3, answer(e + 2), { em: 1, reward: 2 })]);
const second = reviewsOf(middle, [0, 1]);
second.reviewed[0] = 0;
const result: RolloutResult = {
  draft,
  reviews: reviewsOf(draft, [0, 2]),
  later: [{ draft: middle, reviews: second }],
  final,
};

const rowsOf = (discardedTokens: 'out' | 'in', aggregation: Aggregation = 'sequenceMean') =>
  actorSequences(result, [-1, 0.5], { aggregation, discardedTokens, positions, vocabulary });
/** Text and place of each trained token, from the log-probability that it has. */
const trained = (sequences: ReturnType<typeof rowsOf>) =>
  sequences.map(({ items }) => items.map(({ old }) => -old)).filter((places) => places.length > 0);
const range = (id: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => 100 * id + from + i);

describe('allowedTable', () => {
  it('has what the actor may write, then the integers that are legal after 0 to 5 steps, with 0 and without, then a verdict’s and a thought’s', () => {
    const table = allowedTable(vocabulary);
    const rows = Array.from({ length: table.length / vocabulary.size }, (_, k) =>
      [...table.subarray(k * vocabulary.size, (k + 1) * vocabulary.size).entries()].flatMap(([v, x]) =>
        x === 1 ? [v] : [],
      ),
    );
    const writes = [...vocabulary.actorAllowed.entries()].flatMap(([v, x]) => (x === 1 ? [v] : []));
    const thoughts = [s.question, ...Array.from({ length: vocabulary.size - e }, (_, i) => e + i)];
    const upTo = [1, 2, 3, 4, 5, 6].map((end) => s.integers.slice(0, end));
    expect(rows).toEqual([
      writes,
      ...upTo,
      ...upTo.map((integers) => integers.slice(1)),
      s.integers.slice(0, 2),
      thoughts,
    ]);
  });
});

describe('actorSequences', () => {
  it('are the final trajectories alone where discarded steps are out', () => {
    expect(trained(rowsOf('out'))).toEqual([range(9, 4, 10), range(3, 4, 10)]);
    for (const { items } of rowsOf('out')) for (const { c } of items) expect(c).toBeCloseTo(1 / (2 * 6), 12);
  });

  it('have every discarded suffix besides, each token once, where they are in', () => {
    const sequences = rowsOf('in');
    expect(trained(sequences)).toEqual([
      range(9, 4, 10),
      range(3, 4, 10),
      // Cut at step 2, which begins at 4 + 21: its search without the information block, and the answer.
      [...range(1, 25, 32), ...range(1, 46, 52)],
      // Cut at step 1: the kept search of the draft goes with it, as its second text has it.
      [...range(2, 4, 11), ...range(2, 25, 31)],
    ]);
    // Row 1 has 6 + 13 + 13 tokens, row 0 has 6.
    const weights = sequences.map(({ items }) => items[0]?.c);
    [1 / (2 * 6), 1 / (2 * 32), 1 / (2 * 32), 1 / (2 * 32)].forEach((c, i) => expect(weights[i]).toBeCloseTo(c, 12));
    expect(sequences.map(({ items }) => items[0]?.advantage)).toEqual([-1, 0.5, 0.5, 0.5]);
    // Each is read in the text that it stood in, and each of its tokens predicted from the one before.
    const texts = [draft, final, draft, middle].map((one, i) => one.tokens.subarray(positions * Math.min(1, i)));
    expect(sequences.map(({ length }) => length)).toEqual([10, 10, 52, 31]);
    sequences.forEach(({ tokens, length, items }, i) => {
      expect(Array.from(tokens).slice(0, length)).toEqual([...texts[i]!.subarray(0, length)]);
      expect(tokens).toHaveLength(positions);
      for (const { position, target, old, allowed } of items)
        expect([target, position, allowed]).toEqual([texts[i]![position + 1], (-old % 100) - 1, 0]);
    });
  });

  it('weigh tokens as the aggregation says', () => {
    const weights = (aggregation: Aggregation) => rowsOf('in', aggregation).map(({ items }) => items[0]?.c);
    expect(weights('tokenMean')).toEqual([1 / 38, 1 / 38, 1 / 38, 1 / 38]);
    const fixed = 1 / (2 * positions);
    expect(weights('fixedLength')).toEqual([fixed, fixed, fixed, fixed]);
  });
});

describe('reviews', () => {
  const config = configForPreset('search-r2');
  const scores = () => reviewAdvantages(result, [-1, 0.5], config);

  it('are trained on what each read, by what came of it', () => {
    expect(scores().map((list) => [...list])).toEqual([
      [0, 2],
      [0, 2],
    ]);
    const actions = reviewActions(result, scores());
    const [third, fourth] = [3, 4].map((legal) => Math.fround(-Math.log(legal)));
    expect(actions).toEqual([
      { side: draft, row: 0, integer: 0, logProbs: equally(2), advantage: 0, weight: 1 },
      { side: draft, row: 1, integer: 2, logProbs: equally(4), advantage: 2, weight: 1 },
      { side: middle, row: 1, integer: 1, logProbs: equally(3), advantage: 2, weight: 1 },
    ]);
    const options = { perReview: 0.25, mustCut: false, vocabulary, form: BEHIND };
    const heavy = actions.map((action) => ({ ...action, weight: 0.5 }));
    const reviews = reviewSequences(heavy, options);
    expect(reviews.map(({ length, items }) => [length, items.length])).toEqual([
      [11, 0],
      [53, 1],
      [32, 1],
    ]);
    [draft, middle].forEach((read, i) => {
      const { tokens, length } = reviews[i + 1]!;
      expect(Array.from(tokens)).toEqual([...read.tokens.subarray(positions, positions + length - 1), s.review]);
    });
    const shared = { advantage: 2, c: 0.125 };
    expect(reviews[1]!.items[0]).toEqual({
      position: 52,
      target: s.integers[2],
      allowed: 1 + 3,
      old: fourth,
      ...shared,
    });
    expect(reviews[2]!.items[0]).toEqual({
      position: 31,
      target: s.integers[1],
      allowed: 1 + 2,
      old: third,
      ...shared,
    });
    // Legal without 0.
    expect(reviewSequences(actions, { ...options, mustCut: true })[1]!.items[0]).toMatchObject({ allowed: 7 + 3 });
  });

  it('weigh right and wrong texts equally in total where balanced', () => {
    const balanced = { reviewBalance: 'balanced', reviewSamples: 1 } as const;
    // Two reviews read a wrong text, one a right one: 3 / (2 x 2) each, and 3 / 2.
    const actions = reviewActions(result, scores());
    const weights = (given: readonly ReviewAction[], options: Parameters<typeof weighReviews>[1] = balanced) =>
      weighReviews(given, options).map(({ weight }) => weight);
    expect(weights(actions)).toEqual([1.5, 0.75, 0.75]);
    // Several samples of each draft weigh as one review.
    expect(weights(actions, { ...balanced, reviewSamples: 3 })).toEqual([0.5, 0.25, 0.25]);
    expect(weights(actions, { reviewBalance: 'off', reviewSamples: 2 })).toEqual([0.5, 0.5, 0.5]);
    // Those of one kind alone stay.
    expect(weights(actions.slice(0, 1))).toEqual([1]);
    expect(weights(actions.slice(1))).toEqual([1, 1]);
  });
});

describe('labels of reviews that think', () => {
  const form = { reviewReading: 'steps', reviewSees: 'text', reviewThoughts: 0.5 } as const;
  const texts = side([text(1, answer(e), { em: 1 }), text(2, [...search(), ...answer(e + 1)])]);
  const written = Uint16Array.of(e + 1, 0, 0, 0, e + 2, 0, 0, 0);
  const labels = Uint16Array.of(e + 1, 0, 0, 0, s.question, 0, 0, 0);
  const taught = labelSequences(
    texts,
    { perReview: 0.25, mustCut: false, vocabulary, form },
    { written, labels, weight: 0.5 },
  );
  const told = (sequence: (typeof taught)[number][number]) =>
    sequence.items.map(({ position, target, allowed, c, advantage }) => [position, target, allowed, c, advantage]);

  it('are in one text where it thought as it should, the thought’s first', () => {
    expect(taught[0]).toHaveLength(1);
    expect(told(taught[0]![0]!)).toEqual([
      [11, e + 1, 14, 0.125, 1],
      [13, s.integers[0], 13, 0.25, 1],
    ]);
  });

  it('else the verdicts behind what it thought, and what it should have thought in a text of its own', () => {
    const [verdicts, thoughts] = taught[1]!;
    expect(Array.from(verdicts!.tokens).slice(-3)).toEqual([s.review, e + 2, s.review]);
    expect(told(verdicts!)).toEqual([
      [26, s.integers[1], 13, 0.25, 1],
      [35, s.integers[1], 13, 0.25, 1],
    ]);
    expect(Array.from(thoughts!.tokens).slice(-3)).toEqual([s.review, s.question, s.review]);
    expect(told(thoughts!)).toEqual([[33, s.question, 14, 0.125, 1]]);
  });
});
