import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../lesson';
import { readTrain } from './data';
import { drawnCurve, meanGap, TRAIN, trueCurve } from './lesson';

const FILE = readFileSync('public/lessons/train.json', 'utf8');
const DATA = readTrain(JSON.parse(FILE));
const toldAt = (id: string, answers: Answers) => TRAIN.steps.find((step) => step.id === id)?.told?.(DATA, answers);

describe('the recording', () => {
  it('has both runs from the same weights, asked at the same updates', () => {
    const { updates, searchR1, searchR2 } = DATA;
    expect(updates).toEqual([0, 8, 16, 24, 32, 40]);
    expect(searchR1.actor[0]).toBe(searchR2.actor[0]);
    expect(searchR1.closedBook[0]).toBe(searchR2.closedBook[0]);
    expect(searchR1.actor).not.toEqual(searchR2.actor);
    expect(searchR1.refined).toEqual([]);
  });

  it('is refused where a curve has another length', () => {
    const searchR1 = { ...DATA.searchR1, actor: DATA.searchR1.actor.slice(1) };
    const file = { format: 'cutpoint-lesson/1', lesson: 'train', data: { ...DATA, searchR1 } };
    expect(() => readTrain(file)).toThrow('its "data.searchR1.actor" is not a list of 6 numbers');
  });
});

describe('the lesson', () => {
  it('compares the drawn curve with the true one point by point', () => {
    expect(meanGap([0.5, 1], [0.25, 0.5])).toBeCloseTo(0.375, 12);
    const points = trueCurve(DATA).map((value) => value + 0.1);
    const answers: Answers = { draw: { kind: 'curve', points } };
    expect(drawnCurve(answers)).toBe(points);
    expect(toldAt('play', answers)?.['yours']).toMatch(/ 0\.10 off on average/);
    expect(toldAt('play', {})?.['yours']).toContain('no curve');
    expect(toldAt('play', {})?.['last']).toBe(DATA.searchR2.refined.at(-1)?.toFixed(2));
  });

  it('knows which of the three ends highest', () => {
    const ends = [DATA.searchR1.actor, DATA.searchR2.actor, DATA.searchR2.refined].map((curve) => curve.at(-1) ?? NaN);
    for (const [choice, end] of ends.entries()) {
      const told = toldAt('without', { without: { kind: 'choice', choice } });
      expect(told?.['called']).toBe(end === Math.max(...ends) ? 'So it is.' : 'Not that one.');
    }
  });
});
