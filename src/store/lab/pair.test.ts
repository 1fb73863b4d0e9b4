import { describe, expect, it } from 'vitest';
import { pageWithRollouts } from '../../testing/page/opened-rollouts';
import { pairOf } from './pair';

const search = (query: string, found: string) =>
  `<think>Look for ${query}.</think><search>${query}</search><information>Doc 1(Title: "T") ${found}</information>`;
const line = (completion: string, question = 'Why?') => ({ question, gold: 'yes', completion });

describe('two trajectories', () => {
  it('part at the first step that asks, finds or answers something else', async () => {
    const { studio } = await pageWithRollouts(
      [
        line(`${search('a', 'one')}${search('b', 'two')}<answer>yes</answer>`),
        line(`${search('a', 'one')}${search('c', 'two')}<answer>yes</answer>`),
        line(`${search('a', 'one')}${search('b', 'three')}<answer>no</answer>`),
        line(`${search('a', 'one')}<answer>yes</answer>`),
        line(search('a', 'one')),
      ],
      [line(`${search('a', 'one')}${search('b', 'two')}<answer>yes</answer>`, ' why?')],
    );
    const partsAt = (other: number) =>
      pairOf(studio, [
        { file: 'shown', row: 0 },
        { file: 'shown', row: other },
      ])?.partsAt;
    expect([0, 1, 2, 3, 4].map(partsAt)).toEqual([null, 2, 2, 2, 2]);
    const pair = pairOf(studio, [
      { file: 'shown', row: 2 },
      { file: 'other', row: 0 },
    ]);
    expect(pair).toMatchObject({ sameQuestion: true, partsAt: 2 });
    expect(pair?.sides.map(({ file, steps, view }) => [file, steps.map(({ same }) => same), view.final.em])).toEqual([
      ['f.jsonl', [true, false, false], 0],
      ['g.jsonl', [true, false, false], 1],
    ]);
  });

  it('may answer different questions, and are none where one is gone', async () => {
    const { studio } = await pageWithRollouts([line('<answer>yes</answer>'), line('<answer>yes</answer>', 'How?')]);
    const [a, b] = [0, 1].map((row) => ({ file: 'shown' as const, row }));
    if (!a || !b) throw new Error('two rows');
    expect(pairOf(studio, [a, b])).toMatchObject({ sameQuestion: false, partsAt: null });
    expect(pairOf(studio, [a, { file: 'other', row: 0 }])).toBeNull();
  });
});
