import { describe, expect, it, vi } from 'vitest';
import { ANSWER_STEP, HAND_WORLD, handBatch } from '../testing/page/hand-batch';
import { BatchViews } from './batch-views';
import { keepRows, storeBatch } from './stored-batch';

const SEARCH =
  '<think> Bruno_Falk works_at </think> <search> Bruno_Falk works_at </search> <information> ' +
  'Almanac Bruno_Falk works_at Pelagic </information>';
const batch = handBatch(
  [
    { draft: { steps: [SEARCH, ANSWER_STEP], passages: [3] } },
    { draft: { steps: [ANSWER_STEP], reason: 3 }, final: { steps: [SEARCH], passages: [4], reason: 2 }, cut: 1 },
    { draft: { steps: [ANSWER_STEP] }, final: { steps: [SEARCH] } },
  ],
  { groupSize: 1 },
);
const stored = storeBatch(batch, true);

describe('BatchViews', () => {
  it('decodes a row once, and finds it under its own number where others were dropped', () => {
    const views = new BatchViews(stored, HAND_WORLD);
    expect(views.at(1)).toBe(views.at(1));
    expect(views.at(1)).toMatchObject({ row: 1, cut: 1, verdict: 'wasted' });
    const some = new BatchViews(keepRows(stored, [1]), HAND_WORLD);
    expect(some.at(0)).toMatchObject({ row: 1, place: 0, group: 1, cut: 1 });
  });

  it('knows the right answer of a row’s question', () => {
    const views = new BatchViews(stored, HAND_WORLD);
    expect([0, 1, 2].map((place) => views.answerOf(views.at(place)))).toEqual([
      'Ada Moreau',
      'Bruno Falk',
      'Clara Wen',
    ]);
  });

  it('gives the tokens of the side that is asked for', () => {
    const views = new BatchViews(stored, HAND_WORLD);
    const words = (side: 'draft' | 'final') => views.tokensOf(views.at(1), side).map(({ text }) => text);
    expect(words('draft')).toEqual(['<think>', 'Aldermoor', '</think>', '<answer>', 'Aldermoor', '</answer>', '<eos>']);
    expect(words('final').slice(0, 3)).toEqual(['<think>', 'Bruno Falk', 'works at']);
  });

  it('has all that a person can read in a row as one text in small letters, the final trajectory where it differs', () => {
    const views = new BatchViews(stored, HAND_WORLD);
    expect(views.textOf(0)).toBe(
      [
        'question 0',
        'the employer of bruno falk',
        'bruno falk · works at',
        'almanac bruno falk works at pelagic.',
        'aldermoor',
        'aldermoor',
      ].join('\n'),
    );
    expect(views.textOf(1)).toBe(
      [
        'question 1',
        'aldermoor',
        'aldermoor',
        'thought too long',
        'the employer of bruno falk',
        'bruno falk · works at',
        'almanac bruno falk works at pelagic.',
        'fifth search',
      ].join('\n'),
    );
    expect(views.textOf(2)).toBe('question 2\naldermoor\naldermoor');
    const at = vi.spyOn(views, 'at');
    expect(views.textOf(2)).toContain('question 2');
    expect(at).not.toHaveBeenCalled();
  });
});
