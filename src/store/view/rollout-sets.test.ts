import { describe, expect, it } from 'vitest';
import { EM_UNKNOWN } from '../../lib/exact-match';
import { readLine } from '../../rollouts/reading/read-line';
import { briefOf } from '../../rollouts/file/row-brief';
import { RowTableBuilder } from '../../rollouts/file/row-table-builder';
import type { RowTable } from '../../rollouts/file/row-table';
import { changesBetweenSets, rowsOfQuestion, summarizeSet } from './rollout-sets';
import type { RowSet } from './rollout-sets';

interface Line {
  q: string;
  says: string;
  step?: number;
  reward?: number;
  searches?: number;
}

const SEARCH = '<search>q</search><information>x</information>';

function tableOf(lines: readonly Line[]): RowTable {
  const builder = new RowTableBuilder();
  lines.forEach(({ q, says, step = 1, searches = 0, ...rest }, k) => {
    const completion = `${SEARCH.repeat(searches)}<answer>${says}</answer>`;
    builder.add(
      briefOf(readLine(JSON.stringify({ question: q, gold: 'yes', completion, step, ...rest }))),
      10 * k,
      9,
      k + 1,
    );
  });
  return builder.finish();
}

const whole = (table: RowTable): RowSet => ({ table, from: 0, to: table.steps.length });
/** A file without right answers. */
const unknown = (table: RowTable): RowTable => ({
  ...table,
  final: { ...table.final, em: table.final.em.map(() => EM_UNKNOWN) },
});

describe('a set in numbers', () => {
  it('has means, and counts groups whose rewards are all equal among those of several rows', () => {
    const table = tableOf([
      { q: 'a', says: 'yes', reward: 1, searches: 2 },
      { q: 'a', says: 'no', reward: 1, searches: 1 },
      { q: 'b', says: 'no', reward: 0 },
      { q: 'b', says: 'no', reward: 0.5 },
      { q: 'c', says: 'yes', reward: 0 },
    ]);
    expect(summarizeSet(whole(table))).toEqual({
      ...{ rows: 5, groups: 3, realGroups: 2, equalGroups: 1, known: 5 },
      ...{ em: 0.4, emDraft: 0.4, reward: 0.5, searches: 0.6 },
      size: (3 * SEARCH.length + 2 * '<answer>yes</answer>'.length + 3 * '<answer>no</answer>'.length) / 5,
    });
    expect(summarizeSet({ table, from: 2, to: 4 })).toMatchObject({ rows: 2, groups: 1, em: 0, reward: 0.25 });
  });

  it('says that exact match is unknown rather than 0, and takes the mean of what is known', () => {
    const table = tableOf([
      { q: 'a', says: 'yes' },
      { q: 'a', says: 'yes' },
    ]);
    expect(summarizeSet(whole(unknown(table)))).toMatchObject({ known: 0, em: null, reward: 1 });
    table.final.em[0] = EM_UNKNOWN;
    table.final.rewards[1] = NaN;
    expect(summarizeSet(whole(table))).toMatchObject({ known: 1, em: 1, reward: 1 });
  });
});

describe('a question', () => {
  it('is found at every step, whatever its group, white space and capitals', () => {
    const table = tableOf([
      { q: 'Who  is it?', says: 'x', step: 3 },
      { q: 'who is it? ', says: 'y', step: 1 },
      { q: 'Who was it?', says: 'z', step: 1 },
      { q: 'Who is it?', says: 'w', step: 2 },
    ]);
    const rows = rowsOfQuestion(table, 'WHO IS IT?');
    expect(rows.map((row) => table.steps[row])).toEqual([1, 2, 3]);
    expect(rows.map((row) => table.offsets[row])).toEqual([10, 30, 0]);
  });
});

describe('two sets', () => {
  it('list questions that are right where they were wrong, and the other way, the largest change first', () => {
    const group = (q: string, right: number): Line[] =>
      [0, 1, 2, 3].map((k) => ({ q, says: k < right ? 'yes' : 'no', reward: k }));
    const old = tableOf([
      ...group('up', 2),
      ...group('far up', 0),
      ...group('same', 3),
      ...group('down', 3),
      ...group('x', 1),
    ]);
    const now = tableOf([
      ...group('far up', 4),
      ...group('same', 4),
      ...group('down', 2),
      ...group('up', 3),
      ...group('y', 1),
    ]);
    const changes = changesBetweenSets(whole(old), whole(now));
    expect(changes).toMatchObject({ common: 4, onlyBefore: 1, onlyAfter: 1, by: 'em', unknown: 0 });
    expect(changes.gained.map(({ question }) => question)).toEqual(['far up', 'up']);
    expect(changes.lost.map(({ question }) => question)).toEqual(['down']);
    // Up: the worst wrong one, rows 2 and 3 of its group, beside the best right one.
    expect(changes.gained[1]).toMatchObject({
      before: { known: 4, right: 2, rows: [0, 1, 2, 3], reward: 1.5 },
      after: { right: 3 },
      pair: [2, 12 + 2],
    });
    // Down: the best right one beside the worst wrong one.
    expect(changes.lost[0]?.pair).toEqual([12 + 2, 8 + 2]);
  });

  it('are judged by their rewards where no right answer is known', () => {
    const lines = (reward: number): Line[] => [
      { q: 'a', says: 'yes', reward },
      { q: 'b', says: 'yes', reward: 1 - reward },
      { q: 'c', says: 'yes', reward: 1 },
      { q: 'd', says: 'yes', reward: reward / 4 },
    ];
    const changes = changesBetweenSets(whole(unknown(tableOf(lines(0)))), whole(unknown(tableOf(lines(1)))));
    expect(changes).toMatchObject({ by: 'reward', common: 4, unknown: 0 });
    expect(changes.gained.map(({ question }) => question)).toEqual(['a', 'd']);
    expect(changes.lost.map(({ question }) => question)).toEqual(['b']);
  });

  it('count a question that only one of them can judge as unknown', () => {
    const [old, now] = [
      tableOf([
        { q: 'a', says: 'no' },
        { q: 'b', says: 'no' },
      ]),
      tableOf([
        { q: 'a', says: 'yes' },
        { q: 'b', says: 'yes' },
      ]),
    ];
    now.final.em[0] = EM_UNKNOWN;
    const changes = changesBetweenSets(whole(old), whole(now));
    expect(changes).toMatchObject({ by: 'em', common: 2, unknown: 1, lost: [] });
    expect(changes.gained.map(({ question }) => question)).toEqual(['b']);
  });

  it('have nothing to list where they ask other questions', () => {
    const changes = changesBetweenSets(
      whole(tableOf([{ q: 'a', says: 'no' }])),
      whole(tableOf([{ q: 'b', says: 'yes' }])),
    );
    expect(changes).toMatchObject({ common: 0, onlyBefore: 1, onlyAfter: 1, gained: [], lost: [] });
  });
});
