/** Rows without a right answer, or without a reward: neither right nor wrong, in no mean, last in every order. */
import { describe, expect, it } from 'vitest';
import { readRolloutFiles } from '../../rollouts/file/read-file';
import { listRows, ROW_SORTS, WHOLE_LIST } from '../state/row-list';
import { shelve } from './rollout-views';

const search = '<search>x</search><information>x</information>';
const ROWS = [
  { question: 'a', completion: `${search}<answer>y</answer>` },
  { question: 'b', completion: `${search}<answer>x</answer>`, gold: 'x', step: 1 },
  { question: 'b', completion: '<answer>y</answer>', gold: 'x', step: 1 },
  { question: 'c', draft: '<answer>y</answer>', final: '<answer>z</answer>' },
].map((row) => ({ step: 1, ...row }));

async function opened() {
  const blob = new Blob([ROWS.map((row) => JSON.stringify(row)).join('\n')]);
  return shelve(await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]));
}

describe('an unknown exact match', () => {
  it('is told, and counts in no mean', async () => {
    const { shelf, about } = await opened();
    expect(about).toMatchObject({ unknownEm: 2, unknownRewards: 2, computedRewards: 2 });
    expect(shelf.statistics()).toMatchObject([{ rows: 4, emFinal: 0.5, reward: 1, saved: 0, harmed: 0 }]);
    expect(shelf.views.at(0)).toMatchObject({ verdict: 'none', advantage: null, final: { em: null, reward: null } });
    expect(shelf.views.at(3)).toMatchObject({ verdict: 'none', cut: 1, final: { em: null } });
  });

  it('passes no filter that asks for right or wrong, and has no bin', async () => {
    const { shown } = (await opened()).shelf;
    const { counts, bins } = listRows(shown, null, WHOLE_LIST);
    // That an answer stands in no passage is known without a right one.
    expect(counts).toMatchObject({ all: 4, saved: 0, harmed: 0, wasted: 0, missed: 1, lucky: 3, despite: 0 });
    expect(bins.reduce((sum, bin) => sum + bin, 0)).toBe(2);
  });

  it('comes last whatever they are ordered by', async () => {
    const { shown } = (await opened()).shelf;
    for (const sort of ['best', 'worst', 'gain'] as const) {
      const { places } = listRows(shown, null, { ...WHOLE_LIST, sort });
      expect(new Set(places.slice(2)), sort).toEqual(new Set([0, 3]));
    }
    for (const { id } of ROW_SORTS) expect(listRows(shown, null, { ...WHOLE_LIST, sort: id }).places).toHaveLength(4);
  });
});
