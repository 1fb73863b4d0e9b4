import { describe, expect, it } from 'vitest';
import { handBatch, handSide, numbersBatch } from '../testing/page/hand-batch';
import { engineBatch, keepRows, placeOf, sampleBatch, sampledRows, storeBatch } from './stored-batch';

const rewards = (values: readonly number[]) => numbersBatch(values.map((reward) => ({ reward })));

describe('a stored batch', () => {
  it('names the question of each row', () => {
    const stored = storeBatch(numbersBatch([{}, {}, { cut: 1, em: 1 }, {}], { groupSize: 2, update: 9 }), true);
    expect(Array.from(stored.groups)).toEqual([0, 0, 1, 1]);
    expect(stored).toMatchObject({ rows: [0, 1, 2, 3], whole: true, hasRefiner: true, tellingRow: 2 });
    expect(stored.summary.groups.map(({ group, size }) => [group, size])).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });

  it.each<[what: string, values: number[], wanted: number[]]>([
    ['the most telling row, which is the first here, best, worst and median', [0.5, 2, 0, 1, 1.5], [0, 1, 2, 3]],
    ['of equal ones the first, middle and last', [1, 1, 1, 1], [0, 2, 3]],
    ['of two both', [0, 1], [0, 1]],
    ['the only one', [1], [0]],
  ])('samples %s', (_, values, wanted) => {
    expect(sampledRows(storeBatch(rewards(values), true))).toEqual(wanted);
  });

  it('samples every harmful cut, where there is a refiner to do harm', () => {
    const batch = numbersBatch([
      { reward: 2 },
      { reward: 1.5 },
      { reward: 1, draftEm: 1, em: 0, cut: 1 },
      { reward: 0.5, draftEm: 1, em: 1, cut: 1 },
      { reward: 0.25, draftEm: 1, em: 0, cut: 2 },
      { reward: 0 },
    ]);
    expect(sampledRows(storeBatch(batch, true))).toEqual([0, 2, 3, 4, 5]);
    // Row 4 tells most: what was cut there is shown though it says nothing of a refiner.
    expect(sampledRows(storeBatch(batch, false))).toEqual([0, 3, 4, 5]);
  });

  it('keeps the rows that are named with all their numbers, and nothing of the others', () => {
    const step = '<think> Norland </think>';
    const all = handBatch(
      [1, 2, 3, 4].map((n) => ({
        draft: {
          steps: Array<string>(n).fill(step),
          em: n % 2,
          reward: n / 4,
          coverage: n / 8,
          reason: n,
          useful: [n, n + 1, n + 2, n + 3],
          shares: [n / 16],
          passages: [n],
          classes: [n],
          scores: [n / 2],
        },
        final: { steps: [step], reward: n / 32 },
        cut: n,
        review: [n / 10, 1 - n / 10],
        advantage: n / 64,
        reviewAdvantage: -n / 64,
      })),
      { groupSize: 2, update: 3 },
    );
    const stored = storeBatch(all, true);
    const kept = keepRows(stored, [1, 3]);
    expect(kept).toMatchObject({ rows: [1, 3], groups: [0, 1], whole: false, hasRefiner: true });
    expect(kept.summary).toBe(stored.summary);
    expect(kept.batch.questions).toBe(all.questions);
    expect(kept.batch.answers).toBe(all.answers);
    const of = (data: ArrayLike<number>) => Array.from(data);
    for (const name of Object.keys(handSide([]))) {
      for (const side of ['draft', 'final'] as const) {
        const [from, to] = [all[side], kept.batch[side]].map((one) =>
          of(new Map<string, ArrayLike<number>>(Object.entries(one)).get(name) ?? []),
        );
        const width = (from?.length ?? 0) / 4;
        expect(width).toBeGreaterThan(0);
        expect(to, name).toEqual([...(from ?? []).slice(width, 2 * width), ...(from ?? []).slice(3 * width)]);
      }
    }
    expect(of(kept.batch.cuts)).toEqual([2, 4]);
    expect(of(kept.batch.advantages)).toEqual([2 / 64, 4 / 64]);
    expect(of(kept.batch.reviewAdvantages)).toEqual([-2 / 64, -4 / 64]);
    expect(of(kept.batch.reviewLogProbs).map((value) => Math.round(100 * Math.exp(value)))).toEqual([
      ...[20, 80, 0, 0, 0, 0],
      ...[40, 60, 0, 0, 0, 0],
    ]);
    // A copy: the whole batch can be let go.
    expect(kept.batch.cuts.buffer).not.toBe(all.cuts.buffer);
    const again = keepRows(kept, [1]);
    expect(again).toMatchObject({ rows: [3], groups: [1] });
    expect(of(again.batch.draft.stepCounts)).toEqual([4]);
  });

  it('goes on telling of its telling row while that is kept, else of the first', () => {
    const stored = storeBatch(numbersBatch([{}, {}, { cut: 1, em: 1 }]), true);
    expect(keepRows(stored, [1, 2]).tellingRow).toBe(2);
    expect(keepRows(stored, [1]).tellingRow).toBe(1);
    expect(keepRows(stored, []).tellingRow).toBe(0);
  });

  it('is sampled once', () => {
    const sampled = sampleBatch(storeBatch(rewards([0.5, 2, 0, 1, 1.5]), true));
    expect(sampled.rows).toEqual([0, 1, 2, 3]);
    expect(sampleBatch(sampled)).toBe(sampled);
  });

  it('has a place for every row: its own, or that of the nearest one', () => {
    const whole = storeBatch(rewards([1, 1, 1, 1, 1, 1, 1, 1]), true);
    expect([-3, 0, 5, 7, 99].map((row) => placeOf(whole, row))).toEqual([0, 0, 5, 7, 7]);
    const some = keepRows(whole, [1, 4, 7]);
    expect([-3, 1, 2, 3, 4, 5, 6, 7, 99].map((row) => placeOf(some, row))).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    // Of two that are as near, the first.
    expect(placeOf(keepRows(whole, [2, 4]), 3)).toBe(0);
  });

  it('is the engine’s where it has the engine’s arrays', () => {
    const stored = storeBatch(rewards([1]), true);
    expect(engineBatch(stored)).toBe(stored);
    const { update, prompts, questions, draft, final, cuts, reviewLogProbs, advantages } = stored.batch;
    const numbers = { update, prompts, questions, draft, final, cuts, reviewLogProbs, advantages };
    expect(engineBatch({ ...stored, batch: numbers })).toBeNull();
  });
});
