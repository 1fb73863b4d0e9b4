import { describe, expect, it } from 'vitest';
import { readRolloutFiles } from '../../rollouts/file/read-file';
import { listRows, WHOLE_LIST } from '../state/row-list';
import type { ListQuery } from '../state/row-list';
import { shelve } from './rollout-views';

const search = (found: string): string => `<search>q</search><information>${found}</information>`;

async function shelved(rows: readonly object[]) {
  const blob = new Blob([rows.map((row) => JSON.stringify(row)).join('\n')]);
  return shelve(await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]));
}

/** Rows that differ in all that there is: 0 to 4 searches, right and wrong, with and without an answer, at three steps. */
const MANY = Array.from({ length: 240 }, (_, k) => ({
  question: `q${k % 7}`,
  gold: 'Bonn',
  step: k % 3,
  completion:
    Array.from({ length: k % 5 }, (_unused, s) => search((k + s) % 4 === 0 ? 'Rome' : `Bonn ${'x'.repeat(k)}`)).join(
      '',
    ) + (k % 11 === 0 ? '<think>hm' : `<answer>${k % 2 === 0 ? 'Bonn' : 'Rome'}</answer>`),
  ...(k % 11 === 0 && { finish_reason: k % 2 === 0 ? 'length' : 'stop' }),
}));

const QUERIES: Partial<ListQuery>[] = [
  {},
  { filter: 'malformed' },
  { bin: 0 },
  { facets: { searches: '2' } },
  { facets: { searches: '2', em: 'wrong' } },
  { facets: { useless: '1', grounded: 'no' }, filter: 'despite' },
  { facets: { ended: 'truncated' }, bin: 0 },
];

describe('facets of a file', () => {
  it.each(QUERIES)('count, for every choice, the rows that it then lists: %j', async (change) => {
    const { shelf } = await shelved(MANY);
    const query = { ...WHOLE_LIST, ...change };
    const hits = Uint8Array.from(MANY, (_, place) => Number(place % 3 > 0));
    for (const { shown } of [shelf, shelf.choose(1)]) {
      const found = hits.subarray(0, shown.rows.length);
      const { counts, facets, bins } = listRows(shown, found, query);
      const listed = (more: Partial<ListQuery>): number => listRows(shown, found, { ...query, ...more }).places.length;
      expect(counts.all).toBe(listed({ filter: 'all' }));
      expect(counts.lucky).toBe(listed({ filter: 'lucky' }));
      expect(counts.malformed).toBe(listed({ filter: 'malformed' }));
      expect(bins).toEqual(bins.map((_, bin) => listed({ bin })));
      shown.facets?.facets.forEach(({ id, values }, k) => {
        expect(facets[k]).toEqual(values.map(({ key }) => listed({ facets: { ...query.facets, [id]: key } })));
      });
    }
  });

  it('mean the same at each step', async () => {
    const { shelf } = await shelved(MANY);
    const valuesOf = (step: number | null) =>
      shelf.choose(step).shown.facets?.facets.map(({ id, values }) => [id, values]);
    expect(valuesOf(2)).toEqual(valuesOf(null));
    const facets = { searches: '3' };
    const at = [0, 1, 2].map(
      (step) => listRows(shelf.choose(step).shown, null, { ...WHOLE_LIST, facets }).places.length,
    );
    expect(at.reduce((a, b) => a + b, 0)).toBe(listRows(shelf.shown, null, { ...WHOLE_LIST, facets }).places.length);
    expect(Math.min(...at)).toBeGreaterThan(0);
  });

  it('tell apart what a row can be, and leave out what no row tells', async () => {
    const { shelf, about } = await shelved([
      { question: 'a', gold: 'Bonn', completion: `${search('Bonn')}${search('x')}<answer>Bonn</answer>` },
      { question: 'b', gold: 'Bonn', completion: `${search('Bonn')}<answer>Rome</answer>` },
      { question: 'c', gold: 'Bonn', completion: '<think>hm', truncated: true },
    ]);
    const of = (id: string) => {
      const facet = shelf.shown.facets?.facets.find((one) => one.id === id);
      return Array.from(facet?.codes ?? [], (code) => facet?.values[code]?.label);
    };
    expect(of('em')).toEqual(['right', 'wrong', 'wrong']);
    expect(of('searches')).toEqual(['2', '1', '0']);
    expect(of('ended')).toEqual(['answered', 'answered', 'truncated']);
    expect(of('useless')).toEqual(['step 2', 'each brought new evidence', 'each brought new evidence']);
    expect(of('flawed')).toEqual(['step 2', 'step 2', 'step 1']);
    expect(of('grounded')).toEqual(['in its passages', 'not in its passages', 'no answer']);
    expect(about.rules).toEqual({ answer: 3 });
    expect(Array.from(shelf.shown.facets?.ungrounded ?? [])).toEqual([0, 1, 0]);
    const none = await shelved([{ question: 'a', completion: `${search('Bonn')}<answer>Bonn</answer>` }]);
    expect(none.shelf.shown.facets?.facets.map(({ id }) => id)).not.toContain('useless');
    expect(none.about.rules).toEqual({ none: 1 });
  });

  it('order rows by length, searches and step', async () => {
    const { shelf } = await shelved(MANY);
    const { shown } = shelf;
    const { steps, lengths, searches } = shown.facets ?? {};
    const listed = (sort: ListQuery['sort'], by: ArrayLike<number> = []) =>
      listRows(shown, null, { ...WHOLE_LIST, sort }).places.map((place) => by[place] ?? NaN);
    const falls = (numbers: readonly number[]) => expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    falls(listed('longest', lengths));
    falls(listed('shortest', lengths).reverse());
    falls(listed('searches', searches));
    falls(listed('latest', steps));
    expect(new Set(listed('searches', searches)).size).toBe(5);
  });

  it('bin lengths by round numbers that cover the longest', async () => {
    const { shelf } = await shelved([9, 95, 1234].map((n) => ({ question: 'a', completion: 'x'.repeat(n) })));
    const facet = shelf.shown.facets?.facets.find(({ id }) => id === 'length');
    expect(facet?.label).toBe('Length, characters');
    expect(facet?.values.map(({ label }) => label)).toEqual(['0–500', '500–1,000', '1,000–1,500']);
    expect(Array.from(facet?.codes ?? [])).toEqual([0, 0, 2]);
  });
});
