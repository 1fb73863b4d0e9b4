import { describe, expect, it } from 'vitest';
import { HAND_WORLD, handBatch } from '../testing/page/hand-batch';
import { PinBoard } from './pin-board';

const answering = (update: number, answers: readonly (string | null)[], rewards: readonly number[] = []) =>
  handBatch(
    answers.map((answer, row) => ({
      draft: {
        steps: [answer === null ? '<think> Norland </think>' : `<answer> ${answer} </answer>`],
        em: Number(answer === 'Norland'),
        reward: rewards[row] ?? 0,
      },
    })),
    { update },
  );
const board = (...updates: number[]): PinBoard => {
  const pins = new PinBoard();
  pins.add(1, 'who?', 2, 3);
  for (const update of updates) pins.record(1, answering(update, ['Norland']), true, HAND_WORLD);
  return pins;
};
const updatesOf = (pins: PinBoard) => pins.get(1)?.answers.map(({ update }) => update);

describe('PinBoard', () => {
  it('knows a pin by its id and by where it was pinned', () => {
    const pins = board();
    pins.add(2, 'where?', 2, 4);
    expect(pins.get(1)).toEqual({ id: 1, question: 'who?', update: 2, group: 3, answers: [] });
    expect(pins.find(2, 4)?.id).toBe(2);
    expect(pins.find(3, 4)).toBeUndefined();
    expect(pins.find(2, 5)).toBeUndefined();
    pins.remove(1);
    expect(pins.all.map(({ id }) => id)).toEqual([2]);
    pins.clear();
    expect(pins.all).toEqual([]);
  });

  it('keeps of each answer how right it was and what most said', () => {
    const pins = board();
    const batch = answering(7, ['Sudria', 'Norland', null, 'Norland'], [0.5, 1, 0, 2]);
    pins.record(1, batch, true, HAND_WORLD);
    pins.record(99, batch, true, HAND_WORLD);
    expect(pins.get(1)?.answers).toMatchObject([
      { update: 7, right: 0.5, meanReward: 0.875, answer: 'Norland', votes: 2, stored: { batch, hasRefiner: true } },
    ]);
    expect(pins.all).toHaveLength(1);
  });

  it.each<[what: string, answers: (string | null)[], answer: string | null, votes: number]>([
    ['the one met first of equally common ones', ['Sudria', 'Norland', 'Norland', 'Sudria'], 'Sudria', 2],
    ['none where most gave none', ['Norland', null, null], null, 2],
    ['none where as many gave none', ['Norland', null], null, 1],
    ['the one that most gave', [null, 'Norland', 'Norland'], 'Norland', 2],
  ])('takes %s', (_, answers, answer, votes) => {
    const pins = board();
    pins.record(1, answering(1, answers), true, HAND_WORLD);
    expect(pins.at(1, null)).toMatchObject({ answer, votes });
  });

  it('forgets what an update that is repeated had answered', () => {
    expect(updatesOf(board(1, 2, 3, 2))).toEqual([1, 2]);
  });

  it('thins the older half where there are more than 200 answers', () => {
    const all = Array.from({ length: 200 }, (_, k) => k + 1);
    expect(updatesOf(board(...all))).toEqual(all);
    const older = all.slice(0, 100).filter((update) => update % 2 === 1);
    expect(updatesOf(board(...all, 201))).toEqual([...older, ...all.slice(100), 201]);
  });

  it('shows the newest answer up to an update, else the first one', () => {
    const pins = board(2, 5, 9);
    const at = (update: number | null) => pins.at(1, update)?.update;
    expect([null, 1, 2, 4, 5, 8, 99].map(at)).toEqual([9, 2, 2, 2, 5, 5, 9]);
    expect(pins.at(4, null)).toBeUndefined();
  });

  it('keeps questions and lets their answers go, and exchanges both with another board', () => {
    const pins = board(1, 2);
    const other = new PinBoard();
    pins.swap(other);
    expect(pins.all).toEqual([]);
    expect(updatesOf(other)).toEqual([1, 2]);
    other.forget();
    expect(other.all).toEqual([{ id: 1, question: 'who?', update: 2, group: 3, answers: [] }]);
  });
});
