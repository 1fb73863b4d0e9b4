import { expect, it } from 'vitest';
import { sampleBatch, storeBatch } from '../../../recordings/stored-batch';
import { listRows, WHOLE_LIST } from '../../../store/state/row-list';
import { makeFakeBatch } from '../../../testing/page/fake-batch';
import { makeFakeWorld } from '../../../testing/page/fake-world';
import { filterNumber } from './filter-number';

const whole = storeBatch(makeFakeBatch(makeFakeWorld(), 3, 4, 8, 0.6, true), true);
const few = sampleBatch(whole);
const number = (id: Parameters<typeof filterNumber>[0], shown: typeof whole) =>
  filterNumber(id, listRows(shown, null, WHOLE_LIST), shown);

it('counts the rows of a whole update, and says of an old one how many of how many are kept', () => {
  const { saved, harmed } = whole.summary.verdicts;
  expect(saved).toBeGreaterThan(1);
  expect(number('saved', whole)).toBe(String(saved));
  expect(number('all', whole)).toBe('32');
  expect(number('all', few)).toBe(`${few.rows.length} of 32`);
  expect(number('harmed', few)).toBe(`${harmed} of ${harmed}`);
  const keptSaved = few.rows.filter((row) => {
    const [draft = 0, final = 0] = [whole.batch.draft.em[row], whole.batch.final.em[row]];
    return (whole.batch.cuts[row] ?? 0) > 0 && final > draft;
  });
  expect(number('saved', few)).toBe(`${keptSaved.length} of ${saved}`);
  // Of these no total was counted before rows were dropped.
  expect(number('lucky', few)).toMatch(/^\d+$/);
  expect(filterNumber('all', null, null)).toBe('–');
});
