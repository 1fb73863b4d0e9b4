import { expect, it } from 'vitest';
import { BatchViews } from '../../recordings/batch-views';
import { sampleBatch, storeBatch } from '../../recordings/stored-batch';
import { makeFakeBatch } from '../../testing/page/fake-batch';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeWorld } from '../../testing/page/fake-world';
import { createTrainerClient } from '../../trainer/client';
import { addBatch } from '../run/add-update';
import { createStudio } from '../studio-store';
import { heroOf } from './hero';
import { goToUpdate } from './view-actions';

const fake = makeFakeWorld();
const saves = (update: number) => storeBatch(makeFakeBatch(fake, update, 4, 8, 0.6, true), true);
/** Nothing is cut, so nothing is saved. */
function accepts(update: number) {
  const batch = makeFakeBatch(fake, update, 4, 8, 0.6, true);
  return storeBatch({ ...batch, final: batch.draft, cuts: batch.cuts.map(() => 0) }, true);
}

function studioWith(...stored: ReturnType<typeof saves>[]) {
  const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
  studio.store.setState({ world: fake.description });
  for (const one of stored) addBatch(studio, one);
  return studio;
}

it('is the newest draft that a cut saved, up to the update on screen', () => {
  const studio = studioWith(saves(1), sampleBatch(saves(2)), accepts(3), saves(4));
  expect(heroOf(studio)).toMatchObject({ update: 4, trajectory: { verdict: 'saved' } });
  goToUpdate(studio, 3);
  const hero = heroOf(studio);
  expect(hero).toMatchObject({ update: 2, trajectory: { verdict: 'saved' } });
  const whole = saves(2);
  const { group } = new BatchViews(whole, fake.description).at(whole.tellingRow);
  expect(hero?.trajectory.row).toBe(whole.tellingRow);
  expect(hero?.question).toBe(whole.batch.questions[group]);
});

it('is the most telling row where none was saved, and nothing before there is one', () => {
  expect(heroOf(studioWith())).toBeNull();
  const worldless = studioWith(accepts(5));
  worldless.store.setState({ world: null });
  expect(heroOf(worldless)).toBeNull();
  const hero = heroOf(studioWith(accepts(5)));
  expect(hero).toMatchObject({ update: 5, trajectory: { cut: 0 } });
  expect(['kept', 'missed']).toContain(hero?.trajectory.verdict);
});
