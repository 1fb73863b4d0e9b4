import { describe, expect, it } from 'vitest';
import { makeFakeBatch } from '../../testing/page/fake-batch';
import { makeFakeWorld } from '../../testing/page/fake-world';
import { ANSWER_STEP, handBatch } from '../../testing/page/hand-batch';
import { BatchViews } from '../../recordings/batch-views';
import { ROW_FILTERS, ROW_SORTS, WHOLE_LIST, binRange, listRows, rewardBin } from './row-list';
import { storeBatch } from '../../recordings/stored-batch';
import { TextSearch } from './text-search';

const fake = makeFakeWorld();
const stored = storeBatch(makeFakeBatch(fake, 5, 24, 8, 0.6, true), true);
const views = new BatchViews(stored, fake.description);
const list = (change: Partial<typeof WHOLE_LIST>) => {
  const words = (change.find ?? '').trim().toLowerCase();
  const { hits } = new TextSearch().found(views, stored.rows.length, words);
  return listRows(stored, hits, { ...WHOLE_LIST, ...change });
};

describe('listRows', () => {
  it('lists exactly the rows whose own trajectory fits the filter, and counts them', () => {
    const fits: Record<string, (place: number) => boolean> = {
      lucky: (place) => views.at(place).final.em === 1 && views.at(place).final.coverage < 1,
      despite: (place) => views.at(place).final.em === 0 && views.at(place).final.coverage === 1,
      malformed: (place) => views.at(place).final.endReason !== null,
      all: () => true,
    };
    const { counts } = list({});
    for (const { id } of ROW_FILTERS) {
      const wanted = stored.rows.filter((place) => fits[id]?.(place) ?? views.at(place).verdict === id);
      expect(list({ filter: id }).places).toHaveLength(wanted.length);
      expect(new Set(list({ filter: id }).places)).toEqual(new Set(wanted));
      expect(counts[id]).toBe(wanted.length);
    }
    expect(counts.saved).toBeGreaterThan(0);
    expect(counts.malformed).toBeGreaterThan(0);
  });

  it('finds words of questions, queries, passages and answers, whatever their case', () => {
    const answer = views.at(7).final.answer ?? views.at(7).final.steps[0]?.text ?? '';
    const found = list({ find: `  ${answer.toUpperCase()} ` }).places;
    expect(found).toContain(7);
    expect(found.length).toBeLessThan(192);
    for (const place of found) expect(views.textOf(place)).toContain(answer.toLowerCase());
    expect(list({ find: 'no such words' }).places).toEqual([]);
  });

  it('bins rewards, and lists the rows of one bin', () => {
    expect([0, 0.24, 0.25, 1, 1.99, 2, 3, -1].map(rewardBin)).toEqual([0, 0, 1, 4, 7, 7, 7, 0]);
    const { bins } = list({});
    expect(bins.reduce((a, b) => a + b, 0)).toBe(192);
    const { places } = list({ bin: 7 });
    expect(places).toHaveLength(bins[7] ?? 0);
    for (const place of places) expect(views.at(place).final.reward).toBeGreaterThanOrEqual(1.75);
  });

  it('orders rows by what it says', () => {
    const key: Record<string, (place: number) => number> = {
      question: (place: number) => views.at(place).group,
      best: (place: number) => -(views.at(place).final.reward ?? NaN),
      worst: (place: number) => views.at(place).final.reward ?? NaN,
      advantage: (place: number) => -Math.abs(views.at(place).advantage ?? NaN),
      gain: (place: number) => (views.at(place).final.reward ?? NaN) - (views.at(place).draft.reward ?? NaN),
      unsure: (place: number) => Math.fround(views.at(place).review?.[0] ?? 1),
    };
    for (const { id } of ROW_SORTS) {
      if (!(id in key)) continue;
      const keys = list({ sort: id }).places.map(key[id] ?? (() => NaN));
      expect(keys).toHaveLength(192);
      for (const [at, value] of keys.entries())
        expect(value).toBeGreaterThanOrEqual((keys[at - 1] ?? -Infinity) - 1e-6);
    }
  });
});

/** Two questions of three rows, by hand. */
const hand = storeBatch(
  handBatch(
    [
      // Accepted and wrong, though every hop was supported.
      { draft: { steps: [ANSWER_STEP], reward: 0.25, coverage: 1 }, review: [0.5], advantage: -0.5 },
      // Saved, by a guess.
      {
        draft: { steps: [ANSWER_STEP] },
        final: { steps: [ANSWER_STEP], em: 1, reward: 1, coverage: 0.5 },
        cut: 1,
        review: [0.25],
        advantage: 1,
      },
      // Kept, and right on evidence.
      { draft: { steps: [ANSWER_STEP], em: 1, reward: 2, coverage: 1 }, review: [0.75], advantage: 0.25 },
      // Harmed, and malformed.
      {
        draft: { steps: [ANSWER_STEP], em: 1, reward: 1.5 },
        final: { steps: [ANSWER_STEP], reason: 3 },
        cut: 1,
        review: [0.25],
        advantage: -1,
      },
      // Wasted.
      { draft: { steps: [ANSWER_STEP] }, final: { steps: [ANSWER_STEP], reward: 0.25 }, cut: 1, review: [1] },
      // Missed.
      { draft: { steps: [ANSWER_STEP], reward: 0.24 }, review: [0.9], advantage: 0.25 },
    ],
    { groupSize: 3 },
  ),
  true,
);
const listed = (change: Partial<typeof WHOLE_LIST>, hits: Uint8Array | null = null) =>
  listRows(hand, hits, { ...WHOLE_LIST, ...change });

describe('six rows by hand', () => {
  it.each([
    ['all', [2, 1, 0, 4, 5, 3]],
    ['saved', [1]],
    ['harmed', [3]],
    ['wasted', [4]],
    ['missed', [0, 5]],
    ['lucky', [1]],
    ['despite', [0]],
    ['malformed', [3]],
  ] as const)('pass the filter %s as they should', (filter, places) => {
    expect(listed({ filter }).places).toEqual(places);
    const counts = { all: 6, saved: 1, harmed: 1, wasted: 1, missed: 2, lucky: 1, despite: 1, malformed: 1 };
    expect(listed({ filter }).counts).toEqual(counts);
  });

  it('have no verdict where nobody reviews', () => {
    const { counts } = listRows({ ...hand, hasRefiner: false }, null, WHOLE_LIST);
    expect(counts).toMatchObject({ all: 6, saved: 0, harmed: 0, wasted: 0, missed: 0, lucky: 1, despite: 1 });
  });

  it.each([
    // Question by question, in each the best first.
    ['question', [2, 1, 0, 4, 5, 3]],
    ['best', [2, 1, 0, 4, 5, 3]],
    ['worst', [3, 5, 0, 4, 1, 2]],
    ['advantage', [1, 3, 0, 2, 5, 4]],
    // The worst change first.
    ['gain', [3, 0, 2, 5, 4, 1]],
    // The likeliest cut first; of equal ones the earlier row.
    ['unsure', [1, 3, 0, 2, 5, 4]],
  ] as const)('stand in the order of %s', (sort, places) => {
    expect(listed({ sort }).places).toEqual(places);
  });

  it('are those that were found, and those of one bar', () => {
    const hits = Uint8Array.of(1, 0, 1, 1, 1, 0);
    const found = listed({}, hits);
    expect(found.places).toEqual([2, 0, 4, 3]);
    expect(found.bins).toEqual([1, 2, 0, 0, 0, 0, 0, 1]);
    expect(found.counts).toMatchObject({ all: 4, missed: 1, harmed: 1, saved: 0 });
    expect(listed({ bin: 1 }, hits).places).toEqual([0, 4]);
    expect(listed({ bin: 1 }, hits).bins).toEqual(found.bins);
    expect(listed({ bin: 0 }).places).toEqual([5, 3]);
  });

  it('lie in bars a quarter wide', () => {
    expect([0, 1, 7].map(binRange)).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [1.75, 2],
    ]);
    for (const bin of [0, 1, 2, 3, 4, 5, 6, 7]) expect(rewardBin(binRange(bin)[0])).toBe(bin);
  });
});
