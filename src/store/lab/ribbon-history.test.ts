import { expect, it } from 'vitest';
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
