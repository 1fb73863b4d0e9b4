import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../lesson';
import { played } from '../played';
import { deviationOf, meanOf, mostChanged, movesOf, timesOf, worstOf } from './change';
import { SIBLINGS } from './lesson';

const data = SIBLINGS.read(JSON.parse(readFileSync('public/lessons/siblings.json', 'utf8')));
const { mixed, equal } = data;
const lesson = played(SIBLINGS, data);

const NONE = { trajectory: { steps: [], em: 0, reward: 0 }, advantage: 0, tokens: [] };

/** What a step tells once this has been answered. */
function told(id: string, answer: Answer) {
  const at = lesson.begin(lesson.steps.findIndex((step) => step.id === id));
  return lesson.told(lesson.move(lesson.move(at, { type: 'change', answer }), { type: 'lock' }));
}

describe('lesson 3, a group of eight', () => {
  it('has the advantages that its rewards give', () => {
    for (const { advantage, trajectory } of mixed.siblings) {
      expect(advantage).toBeCloseTo((trajectory.reward - meanOf(mixed)) / deviationOf(mixed), 4);
    }
    expect(equal.siblings.map(({ advantage }) => advantage)).toEqual(Array(8).fill(0));
    expect(deviationOf(equal)).toBe(0);
  });

  it('has an equal group in which nothing moved but the last digits', () => {
    expect(mostChanged(equal)).toBeLessThan(0.05);
    expect(mostChanged(mixed)).toBeGreaterThan(1);
  });

  it('tells which tries became likelier, and how many were called', () => {
    const up = mixed.siblings.map((sibling) => timesOf(sibling) > 1);
    const rose = up.flatMap((is, at) => (is ? [at] : []));
    expect(told('up', { kind: 'many', chosen: rose })).toMatchObject({
      ...{ called: 8, up: rose.map((at) => at + 1).join(', '), mean: meanOf(mixed).toFixed(2) },
      agree: mixed.siblings.filter(({ advantage }, at) => advantage > 0 === up[at]).length,
    });
    expect(told('up', { kind: 'many', chosen: [] })['called']).toBe(8 - rose.length);
  });

  it('tells the advantage of the best try', () => {
    const most = Math.max(...mixed.siblings.map(({ advantage }) => advantage));
    expect(told('advantage', { kind: 'number', value: Number(most.toFixed(1)) })).toMatchObject({
      ...{ advantage: most.toFixed(2), hit: 'You have it.' },
    });
    expect(told('advantage', { kind: 'number', value: -1 })['hit']).toBe('You said −1.00.');
  });

  it('tells what became of the tokens of the try that lost most', () => {
    const worst = mixed.siblings[worstOf(mixed)];
    const moves = worst && movesOf(worst);
    expect(worst?.advantage).toBeLessThan(0);
    expect(told('tokens', { kind: 'choice', choice: 1 })).toMatchObject({ ...moves, tokens: worst?.tokens.length });
    expect(movesOf({ ...NONE, before: [-1, -2, -9], after: [-1.0001, -1.5, -9.2] })).toEqual({
      ...{ rose: 1, fell: 1, same: 1 },
    });
    expect(timesOf({ ...NONE, before: [-1, -2], after: [-1, -1] })).toBeCloseTo(Math.E, 12);
  });

  it('calls a guess about the equal group right where it is that nothing happens', () => {
    const hits = [0, 1, 2].map((choice) => told('equal', { kind: 'choice', choice })['hit']);
    expect(hits).toEqual(['Not so.', 'Not so.', 'So it is.']);
  });
});
