import { describe, expect, it } from 'vitest';
import { readLine } from '../reading/read-line';
import { briefOf } from './row-brief';
import { faultsOf, GROUNDED, UNKNOWN } from './row-faults';
import { RowTableBuilder } from './row-table-builder';
import { truncationOf } from '../reading/truncation';

const search = (found: string) => `<search>q</search><information>${found}</information>`;
const of = (completion: string, more: object = { gold: 'Bonn' }) =>
  faultsOf(readLine(JSON.stringify({ question: 'q', completion, ...more })));

describe('faults of a trajectory', () => {
  it('names the first search that brought nothing new, and the first flawed step', () => {
    const answer = '<answer>Bonn</answer>';
    expect(of(`${search('Bonn')}${answer}`)).toMatchObject({ useless: 0, flawed: 0 });
    expect(of(`${search('Bonn')}${search('Rome')}${answer}`)).toMatchObject({ useless: 2, flawed: 2 });
    // Nothing is wrong with its searches: the answer is.
    expect(of(`${search('Bonn')}<answer>Rome</answer>`)).toMatchObject({ useless: 0, flawed: 2 });
    expect(of('<answer>Rome</answer>')).toMatchObject({ useless: 0, flawed: 1 });
    expect(of(answer)).toMatchObject({ useless: 0, flawed: 0 });
    expect(of(`${search('Bonn')}${answer}`, {})).toMatchObject({ useless: UNKNOWN, flawed: UNKNOWN });
    expect(of(`${search('x')}${search('y')}${answer}`, { gold: 'Bonn', useful: [1, 0] })).toMatchObject({ useless: 2 });
  });

  it('looks for the answer in the passages that were found, word by word', () => {
    const grounded = (found: string, answer: string) =>
      of(`${search(found)}<answer>${answer}</answer>`, { gold: 'Oslo' }).grounded;
    expect(grounded('It is the Bonn.', 'bonn')).toBe(GROUNDED.yes);
    expect(grounded('Bonnie', 'Bonn')).toBe(GROUNDED.no);
    expect(grounded('yes', 'Yes')).toBe(GROUNDED.yesOrNo);
    expect(grounded('Bonn', '')).toBe(GROUNDED.noAnswer);
    expect(of('<answer>Bonn</answer>').grounded).toBe(GROUNDED.no);
    expect(of(`${search('Bonn')}<think>hm`).grounded).toBe(GROUNDED.noAnswer);
  });

  it('says how it ended, and by what its evidence is judged', () => {
    expect(of('<answer>Bonn</answer>')).toMatchObject({ ending: 'answered', truncated: null, rule: 'answer' });
    expect(of('<think>hm', { gold: 'yes' })).toMatchObject({ ending: 'no answer', rule: 'none' });
    expect(of('<think>hm', { finish_reason: 'length', supporting_titles: ['T'] })).toMatchObject({
      ...{ ending: 'truncated', truncated: true, rule: 'titles' },
    });
    expect(of(search('x'), { gold: 'Bonn', useful: [1] })).toMatchObject({ rule: 'labels' });
  });

  it('stands in columns', () => {
    const faultColumns = (lines: readonly object[]) => {
      const builder = new RowTableBuilder();
      lines.forEach((line, k) =>
        builder.add(briefOf(readLine(JSON.stringify({ question: 'q', gold: 'Bonn', ...line }))), k, 1, k + 1),
      );
      return builder.finish().faults;
    };
    const columns = faultColumns([
      { completion: '<answer>Bonn</answer>' },
      { completion: '<think>hm', stop_reason: 'stop' },
      { completion: '<think>hm' },
    ]);
    expect(columns).toEqual({
      useless: Int16Array.of(0, 0, 0),
      flawed: Int16Array.of(0, 1, 1),
      grounded: Uint8Array.of(GROUNDED.no, GROUNDED.noAnswer, GROUNDED.noAnswer),
      endings: Uint8Array.of(0, 1, 1),
      endingNames: ['answered', 'no answer'],
      tellsTruncation: true,
      rules: { answer: 3 },
    });
    expect(faultColumns([{ completion: '<answer>Bonn</answer>' }]).tellsTruncation).toBe(false);
  });
});

describe('whether a limit ended it', () => {
  it.each([
    [{ truncated: true }, true],
    [{ is_truncated: 0 }, false],
    [{ finish_reason: 'length' }, true],
    [{ finish_reason: 'stop' }, false],
    [{ status: 'TRUNCATED' }, true],
    [{ stop_reason: 'max_new_tokens' }, true],
    [{ metadata: { finish_reason: 'max_tokens' } }, true],
    [{ info: { truncated: false } }, false],
    [{ truncated: 'maybe', metadata: 'none' }, null],
    [{}, null],
  ])('%j: %s', (row, told) => expect(truncationOf(row)).toBe(told));
});
