import { describe, expect, it } from 'vitest';
import { makeFakeBatch } from '../../testing/page/fake-batch';
import { makeFakeWorld } from '../../testing/page/fake-world';
import { BatchViews } from '../../recordings/batch-views';
import { ROW_FILTERS, ROW_SORTS, WHOLE_LIST, listRows, rewardBin } from './row-list';
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
    const key = {
      question: (place: number) => views.at(place).group,
      best: (place: number) => -views.at(place).final.reward,
      worst: (place: number) => views.at(place).final.reward,
      advantage: (place: number) => -Math.abs(views.at(place).advantage),
      gain: (place: number) => views.at(place).final.reward - views.at(place).draft.reward,
      unsure: (place: number) => Math.fround(views.at(place).review?.[0] ?? 1),
    };
    for (const { id } of ROW_SORTS) {
      const keys = list({ sort: id }).places.map(key[id]);
      expect(keys).toHaveLength(192);
      for (const [at, value] of keys.entries())
        expect(value).toBeGreaterThanOrEqual((keys[at - 1] ?? -Infinity) - 1e-6);
    }
  });
});
