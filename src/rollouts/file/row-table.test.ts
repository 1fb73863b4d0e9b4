import { EM_UNKNOWN } from '../../lib/exact-match';
import { describe, expect, it } from 'vitest';
import { readLine } from '../reading/read-line';
import { briefOf } from './row-brief';
import { tableBuffers } from './row-table';
import { RowTableBuilder } from './row-table-builder';

/** The table of lines that lie one after the other, ten bytes each. */
function tableOf(lines: readonly object[]) {
  const builder = new RowTableBuilder();
  lines.forEach((line, k) => builder.add(briefOf(readLine(JSON.stringify(line))), 10 * k, 9, k + 1));
  expect(builder.count).toBe(lines.length);
  return builder.finish();
}

const answered = (question: string, more: object = {}) => ({
  question,
  completion: '<answer>x</answer>',
  gold: 'x',
  ...more,
});

describe('rows', () => {
  it('are sorted by step, then by the group that came first, then by place in the file', () => {
    const table = tableOf([
      answered('a', { step: 2 }),
      answered('b', { step: 1 }),
      answered('c', { step: 1 }),
      answered('b', { step: 1 }),
      answered('a', {}),
    ]);
    expect(Array.from(table.offsets)).toEqual([40, 10, 30, 20, 0]);
    expect(Array.from(table.lengths)).toEqual([9, 9, 9, 9, 9]);
    expect(Array.from(table.lines)).toEqual([5, 2, 4, 3, 1]);
    expect(Array.from(table.steps)).toEqual([-1, 1, 1, 1, 2]);
    expect(Array.from(table.groups)).toEqual([0, 1, 1, 2, 3]);
    expect(table.questions).toEqual(['a', 'b', 'c', 'a']);
  });

  it('keep the numbers of both sides', () => {
    const search = '<search>q</search><information>x</information>';
    const final = `${search}<search>q</search><information>y</information><answer>x</answer>`;
    const table = tableOf([
      { question: 'a', gold: 'x', draft: `${search}<answer>z</answer>`, final, cut: 2 },
      { question: 'b', gold: 'x', draft: { completion: '<answer>x', reward: 0.5 } },
    ]);
    expect(table.draft).toEqual({
      em: Uint8Array.of(0, 1),
      rewards: Float32Array.of(0, 0.5),
      coverage: Float32Array.of(1, 0),
      density: Float32Array.of(1, 0),
      reasons: Uint8Array.of(1, 6),
      searches: Uint16Array.of(1, 0),
      sizes: Uint32Array.of(`${search}<answer>z</answer>`.length, '<answer>x'.length),
    });
    expect(table.final).toEqual({
      em: Uint8Array.of(1, 1),
      rewards: Float32Array.of(1.5, 0.5),
      coverage: Float32Array.of(1, 0),
      density: Float32Array.of(0.5, 0),
      reasons: Uint8Array.of(1, 6),
      searches: Uint16Array.of(2, 0),
      sizes: Uint32Array.of(final.length, '<answer>x'.length),
    });
    expect(Array.from(table.cuts)).toEqual([2, 0]);
    expect(table).toMatchObject({ reviewed: true, unknownEm: 0, unknownRewards: 0, computedRewards: 1 });
    expect(Array.from(table.acceptLogProbs)).toEqual([0, 0]);
    expect(Array.from(table.reviewAdvantages)).toEqual([0, 0]);
  });

  it('count what the file leaves out', () => {
    const bare = { question: 'a', completion: '<answer>x</answer>' };
    const table = tableOf([bare, { ...bare, score: 1 }, answered('b')]);
    expect(table).toMatchObject({ reviewed: false, unknownEm: 2, unknownRewards: 1, computedRewards: 1 });
    expect(Array.from(table.final.em)).toEqual([EM_UNKNOWN, EM_UNKNOWN, 1]);
    expect(Array.from(table.final.rewards)).toEqual([NaN, 1, 1]);
    // The first two are one group, whose mean reward nobody knows; the third is alone.
    expect(Array.from(table.advantages)).toEqual([NaN, NaN, NaN]);
    expect(tableOf([answered('a', { score: 1 })])).toMatchObject({ unknownEm: 0, computedRewards: 0 });
  });

  it('name a cut beyond step 255 by 255', () => {
    const search = '<search>q</search>';
    const table = tableOf([
      { question: 'a', draft: search.repeat(300), final: search.repeat(254), cut: 254 },
      { question: 'b', draft: search.repeat(300), final: search.repeat(299), cut: 300 },
    ]);
    expect(Array.from(table.cuts)).toEqual([254, 255]);
  });
});

describe('reviews of our own lines', () => {
  const side = { tokens: ['<answer>', 'city:Arden', '</answer>'], stepStarts: [0], reward: 1, em: 1, end: 'finished' };
  const own = (question: string, logProbs: readonly (number | null)[], reviewAdvantage: number) => ({
    ...{ format: 'cutpoint-trajectory/2', question, answer: 'city:Arden', draft: side, final: null },
    ...{ review: { cut: 0, logProbs }, reviewAdvantage },
  });

  it('keep the log-probability of accepting, -inf as that of 1e-30', () => {
    const table = tableOf([own('a', [-0.25, -1.5], 0.5), own('b', [null, -0.1], -0.5), own('c', [0, 0], 0)]);
    expect(table.acceptLogProbs[0]).toBeCloseTo(-0.25, 6);
    expect(table.acceptLogProbs[1]).toBeCloseTo(-30 * Math.log(10), 4);
    expect(table.acceptLogProbs[2]).toBe(0);
    expect(Array.from(table.reviewAdvantages)).toEqual([0.5, -0.5, 0]);
    expect(table.reviewed).toBe(true);
  });
});

describe('advantages', () => {
  const scored = (score: number, more: object = {}) => answered('q', { score, step: 1, ...more });
  const advantages = (...lines: object[]) => Array.from(tableOf(lines).advantages);

  it('are (R - mean) / std over the group, with G - 1', () => {
    // Mean 2, squares 4 + 0 + 4, std 2.
    const [low, middle, high] = advantages(scored(0), scored(2), scored(4));
    expect(low).toBeCloseTo(-1, 5);
    expect(middle).toBe(0);
    expect(high).toBeCloseTo(1, 5);
  });

  it('are 0, exactly, where all rewards are equal', () => {
    expect(advantages(scored(0.1), scored(0.1), scored(0.1))).toEqual([0, 0, 0]);
  });

  it('divide by std + 1e-6, which shows where rewards hardly differ', () => {
    // Std is 1e-6, half of the divisor.
    expect(advantages(scored(0), scored(Math.SQRT2 * 1e-6))[1]).toBeCloseTo(Math.SQRT1_2 / 2, 4);
  });

  it('are computed for those rows that bring none', () => {
    const [given, computed] = advantages(scored(0, { advantage: 0.25 }), scored(2));
    expect(given).toBe(0.25);
    expect(computed).toBeCloseTo(Math.SQRT1_2, 5);
  });
});

it('hands over the memory of every column to another thread', () => {
  const buffers = tableBuffers(tableOf([answered('a')]));
  expect(new Set(buffers).size).toBe(27);
});
