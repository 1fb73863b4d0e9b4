import { expect, it } from 'vitest';
import { ANSWER_STEP, handBatch, HAND_WORLD } from '../../testing/page/hand-batch';
import { makeFakeBatch } from '../../testing/page/fake-batch';
import { makeFakeWorld } from '../../testing/page/fake-world';
import { PinBoard } from '../../recordings/pin-board';
import { reviewProbabilities } from '../../recordings/decode-trajectory';
import { ribbonHistory } from './ribbon-history';

it('gives the mean probability of each choice at each answer, the newest always among them', () => {
  const world = makeFakeWorld();
  const pins = new PinBoard();
  pins.add(1, 'q', 1, 0);
  const batchAt = (update: number) => ({ ...makeFakeBatch(world, update, 1, 4, 0.5, true), update });
  for (let update = 1; update <= 170; update++) pins.record(1, batchAt(update), true, world.description);
  const history = ribbonHistory(pins.get(1));
  expect(history.length).toBeLessThanOrEqual(120);
  const last = history.at(-1);
  expect(last).toMatchObject({ update: 170, drafts: 4 });
  const reviews = [0, 1, 2, 3].map((row) => reviewProbabilities(batchAt(170), row) ?? []);
  expect(last?.means[0]).toBeCloseTo(reviews.reduce((sum, [accept]) => sum + (accept ?? 0), 0) / 4, 6);
  expect(last?.means.reduce((sum, mean) => sum + mean, 0)).toBeCloseTo(1, 4);
  expect(ribbonHistory(undefined)).toEqual([]);
  pins.add(2, 'r', 1, 0);
  pins.record(2, { ...makeFakeBatch(world, 1, 1, 4, 0.5, false), update: 1 }, false, world.description);
  expect(ribbonHistory(pins.get(2))).toEqual([]);
});

it('means over the drafts that were reviewed, with 0 for a cut that one of them had not', () => {
  const pins = new PinBoard();
  pins.add(1, 'q', 1, 0);
  const rows = [
    { draft: { steps: [ANSWER_STEP, ANSWER_STEP] }, review: [0.5, 0.25, 0.25] },
    { draft: { steps: [ANSWER_STEP] }, review: [0.25, 0.75] },
    { draft: { steps: [ANSWER_STEP] } },
  ];
  pins.record(1, handBatch(rows, { update: 7 }), true, HAND_WORLD);
  const [moment, ...more] = ribbonHistory(pins.get(1));
  expect(more).toEqual([]);
  expect(moment).toMatchObject({ update: 7, drafts: 2 });
  expect(moment?.means).toHaveLength(3);
  [0.375, 0.5, 0.125].forEach((mean, choice) => expect(moment?.means[choice]).toBeCloseTo(mean, 6));
});

it.each([
  [120, 1],
  [121, 2],
  [250, 3],
])('of %i answers shows every %i-th, counted from the newest', (answers, stride) => {
  const pins = new PinBoard();
  pins.add(1, 'q', 1, 0);
  const batch = handBatch([{ draft: { steps: [ANSWER_STEP] }, review: [0.5, 0.5] }]);
  pins.record(1, batch, true, HAND_WORLD);
  const pin = pins.get(1);
  const [answer] = pin?.answers ?? [];
  if (!pin || !answer) throw new Error('it was answered');
  const many = Array.from({ length: answers }, (_, k) => ({ ...answer, update: k + 1 }));
  const all = Array.from({ length: answers }, (_, k) => k + 1);
  expect(ribbonHistory({ ...pin, answers: many }).map(({ update }) => update)).toEqual(
    all.filter((update) => (answers - update) % stride === 0),
  );
});
