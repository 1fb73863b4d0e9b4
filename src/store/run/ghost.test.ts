import { expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { RESET, startRun, STEP } from './actions';
import { ghostChanges, ghostKey, showGhost, withGhost } from './ghost';
import { createStudio } from '../studio-store';

it('keeps the last run when another starts or it is reset, and lays its numbers behind those of this one', () => {
  const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
  const { store, history } = studio;
  const config = configForPreset('search-r2');
  startRun(studio, config, 'shipped');
  expect(store.getState().lastRun).toBeNull();
  for (let k = 0; k < 3; k++) STEP.perform(studio);
  const rewards = history.all.map(({ metrics }) => metrics['rewardMean']);
  startRun(studio, { ...config, runSeed: 9 }, 'shipped');
  const { lastRun } = store.getState();
  expect(lastRun).toMatchObject({ config, title: 'last run (search-r2, 3 updates)' });
  expect(lastRun?.metrics).toHaveLength(3);
  // A run without an update is nothing to compare with.
  RESET.perform(studio);
  expect(store.getState().lastRun).toBe(lastRun);
  STEP.perform(studio);
  showGhost(studio, lastRun);
  const { ghost, config: now } = store.getState();
  if (!ghost) throw new Error('no ghost');
  expect(ghostChanges(ghost, now).map(({ key }) => key)).toEqual(['runSeed']);
  const points = withGhost(history.points(['rewardMean']), ghost, ['rewardMean']);
  expect(points.map(({ update }) => update)).toEqual([1, 2, 3]);
  expect(points.map((point) => point[ghostKey('rewardMean')])).toEqual(rewards);
  expect(points.map((point) => point['rewardMean'] === null)).toEqual([false, true, true]);
  expect(withGhost([], null, ['rewardMean'])).toEqual([]);
});
