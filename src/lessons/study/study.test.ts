import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../lesson';
import { readStudy } from './data';
import { holdsZero, inBounds, luckySeed, STUDY, trueOrder } from './lesson';

const DATA = readStudy(JSON.parse(readFileSync('public/lessons/study.json', 'utf8')));
const told = (id: string, answers: Answers) => STUDY.steps.find((step) => step.id === id)?.told?.(DATA, answers);

describe('the lesson', () => {
  it('counts the arms that stand in their place', () => {
    const order = trueOrder(DATA);
    const means = order.map((at) => DATA.arms[at]?.mean ?? NaN);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    expect(told('order', { order: { kind: 'order', order } })?.['right']).toBe(4);
    const [first = 0, second = 0, ...rest] = order;
    expect(told('order', { order: { kind: 'order', order: [second, first, ...rest] } })?.['right']).toBe(2);
    expect(told('order', { order: { kind: 'order', order: [...order].reverse() } })?.['right']).toBe(0);
  });

  it('knows which intervals hold 0', () => {
    expect([
      holdsZero({ mean: 0.1, low: -0.1, high: 0.3 }),
      holdsZero({ mean: 0.1, low: 0.05, high: 0.15 }),
      holdsZero({ mean: -0.1, low: -0.2, high: -0.01 }),
    ]).toEqual([true, false, false]);
    const chosen = DATA.contrasts.flatMap((one, at) => (holdsZero(one) ? [at] : []));
    expect(told('zero', { zero: { kind: 'many', chosen } })?.['right']).toBe(DATA.contrasts.length);
    expect(told('zero', { zero: { kind: 'many', chosen: [] } })?.['right']).toBe(DATA.contrasts.length - chosen.length);
  });

  it('shows the seed that flatters, and how few agree with it', () => {
    const { differences } = DATA.anecdote;
    expect(differences[luckySeed(DATA)]).toBe(Math.max(...differences));
    const seed = told('seed', { seed: { kind: 'number', value: 2 } });
    expect(seed?.['agree']).toBe(differences.filter((value) => value > 0).length - 1);
    expect(seed?.['others']).toBe(4);
  });

  it('says of one claim only what the study says', () => {
    const called = [0, 1, 2].map((choice) => told('faster', { faster: { kind: 'choice', choice } })?.['called']);
    expect(called).toEqual(['Not so.', 'Not so.', 'So it is.']);
  });

  it('says that each refiner beats none, and that the actor is level greedily', () => {
    expect(trueOrder(DATA).map((at) => DATA.arms[at]?.arm)).toEqual([
      'oracle-label',
      'reading-refiner',
      'search-r2',
      'search-r1',
    ]);
    const gains = told('takeaway', {}) ?? {};
    expect(Object.keys(gains)).toEqual(['gain', 'reads', 'perfect']);
    for (const gain of Object.values(gains)) expect(gain).toMatch(/^\+0\.\d{3}$/);
    expect(holdsZero(DATA.greedy)).toBe(true);
  });

  it('writes an interval with true minus signs', () => {
    expect(inBounds({ mean: 0.04, low: -0.001, high: 0.05 })).toBe('+0.040 [−0.001, +0.050]');
  });
});
