import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { played } from '../played';
import { MOST_SEARCHES, rearranged, rewardOf, searchesOf } from './bench';
import { WORTH } from './lesson';

const data = WORTH.read(JSON.parse(readFileSync('public/lessons/worth.json', 'utf8')));
const all = [data.right, data.lucky, data.wrong].map(({ trajectory }) => trajectory);
const asWritten = (trajectory: (typeof all)[number]) => searchesOf(trajectory).map((_, at) => at);
const lesson = played(WORTH, data);
const at = (id: string) => lesson.begin(lesson.steps.findIndex((step) => step.id === id));

describe('lesson 2, what a trajectory is worth', () => {
  it('works out the reward that the engine gave', () => {
    for (const trajectory of all) expect(rewardOf(trajectory, 'gated')).toBeCloseTo(trajectory.reward, 6);
  });

  it('labels searches that stand as they were written as the engine did', () => {
    for (const trajectory of all) {
      const { steps, em, reward } = rearranged(trajectory, asWritten(trajectory), 'gated');
      expect(steps).toEqual(trajectory.steps);
      expect(em).toBe(trajectory.em);
      expect(reward).toBeCloseTo(trajectory.reward, 6);
    }
  });

  it('calls what is repeated so, and leaves rumours what they are', () => {
    const { trajectory } = data.right;
    const [first] = searchesOf(trajectory);
    const twice = rearranged(trajectory, [0, 0], 'gated');
    expect(twice.steps[0]).toEqual(first);
    expect(twice.steps[1]?.useful).toBe(0);
    expect(twice.steps[1]?.passages.every(({ evidence }) => evidence === 'repeated')).toBe(true);
    expect(twice.reward).toBe(1.5);
    const rumour = { source: 'blog', sentence: 'It is false.', evidence: 'rumour' } as const;
    const told = { ...trajectory, steps: [{ kind: 'search', text: 'x', passages: [rumour], useful: 0 } as const] };
    expect(rearranged(told, [0, 0], 'gated').steps.map(({ passages }) => passages[0]?.evidence)).toEqual([
      'rumour',
      'rumour',
    ]);
  });

  it('calls an irrelevant passage repeated when it comes again', () => {
    const twice = rearranged(data.lucky.trajectory, [0, 0], 'gated');
    expect(twice.steps[0]?.passages.map(({ evidence }) => evidence)).toContain('irrelevant');
    expect(twice.steps[1]?.passages.every(({ evidence }) => evidence === 'repeated')).toBe(true);
  });

  it('never pays a wrong answer more than a right one, whatever stands on the bench', () => {
    const pieces = fc.array(fc.nat(2), { maxLength: MOST_SEARCHES });
    fc.assert(
      fc.property(pieces, (built) => {
        expect(rearranged(data.wrong.trajectory, built, 'gated').reward).toBe(0);
        expect(rearranged(data.wrong.trajectory, built, 'sum').reward).toBeLessThanOrEqual(1);
        expect(rearranged(data.right.trajectory, built, 'gated').reward).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('tells the rewards of the recording', () => {
    const rewards = (['score', 'lucky', 'wrong'] as const).map((id) => lesson.told(at(id))['reward']);
    const held = [data.right, data.lucky, data.wrong].map(({ trajectory }) => trajectory.reward.toFixed(2));
    expect(rewards).toEqual(held);
    expect(lesson.told(at('lucky'))).toMatchObject({ useful: 0, process: '0.00', reward: '1.00' });
  });

  it.each([
    [1.65, 'You have it.'],
    [1.7, 'You said 1.70.'],
  ])('says of a guess of %d how near it is', (value, hit) => {
    const place = lesson.move(lesson.move(at('score'), { type: 'change', answer: { kind: 'number', value } }), {
      type: 'lock',
    });
    expect(lesson.told(place)['hit']).toBe(hit);
  });

  it('takes what is on a bench only once it earns the goal', () => {
    const built = (id: string, pieces: number[], setting: number) =>
      lesson.canLock(lesson.move(at(id), { type: 'change', answer: { kind: 'build', pieces, setting } }));
    expect(built('full', [0, 1, 2], 0)).toBe(false);
    expect(built('full', [0, 1], 0)).toBe(true);
    expect(built('full', [0, 0, 1], 0)).toBe(false);
    expect(built('stuff', [0, 1], 0)).toBe(false);
    expect(built('stuff', [0, 1, 2], 1)).toBe(false);
    expect(built('stuff', [0, 1], 1)).toBe(true);
  });
});
