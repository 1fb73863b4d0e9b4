import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { playedStudio } from '../../testing/page/open-studio';
import { createTrainerClient } from '../../trainer/client';
import { RESET, startRun, STEP } from './actions';
import { ghostChanges, ghostKey, runSoFar, showGhost, withGhost } from './ghost';
import { showRecording } from './show-recording';
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

const rowsOf = (updates: readonly number[]) => {
  return updates.map((update) => ({ update, updateMs: 500, metrics: { x: update / 4 } }));
};
const ghostOf = (updates: readonly number[]) => {
  return { title: 'g', config: configForPreset('search-r2'), metrics: rowsOf(updates), trajectories: null };
};

describe('a run before this one', () => {
  it('has its trajectories, and the world that explains them where that is known', () => {
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    expect(runSoFar(studio)).toMatchObject({
      title: 'last run (search-r2, 1 updates)',
      trajectories: { world: state().world, batches: [{ batch: { update: 1 } }] },
    });
    studio.store.setState({ world: null });
    expect(runSoFar(studio)?.trajectories).toBeNull();
  });

  it('is no recording that is on screen', () => {
    const { studio } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(3), source: 'file', title: 't' });
    expect(studio.history.length).toBe(3);
    expect(runSoFar(studio)).toBeNull();
    const lastRun = ghostOf([1]);
    studio.store.setState({ lastRun });
    expect(runSoFar(studio)).toBe(lastRun);
  });
});

describe('the numbers behind', () => {
  it('stand at the same updates, null where there are none, and go on by themselves', () => {
    const points = [
      { update: 1, x: 9 },
      { update: 2, x: 8 },
    ];
    expect(withGhost(points, ghostOf([2, 3, 4]), ['x', 'y'])).toEqual([
      { update: 1, x: 9, 'ghost x': null, 'ghost y': null },
      { update: 2, x: 8, 'ghost x': 0.5, 'ghost y': null },
      { update: 3, x: null, y: null, 'ghost x': 0.75, 'ghost y': null },
      { update: 4, x: null, y: null, 'ghost x': 1, 'ghost y': null },
    ]);
    expect(withGhost(points, null, ['x'])).toEqual(points);
    expect(withGhost([], ghostOf([0, 1]), ['x']).map(({ update }) => update)).toEqual([1]);
  });

  it('are thinned as those of a chart are, and keep the last', () => {
    const all = Array.from({ length: 401 }, (_, k) => k + 1);
    const updates = (of: readonly number[]) => withGhost([], ghostOf(of), ['x']).map(({ update }) => update);
    // 401 in 200 places: every third, and the last.
    expect(updates(all)).toEqual([...all.filter((update) => update % 3 === 0), 401]);
    expect(updates(all.slice(0, 200))).toEqual(all.slice(0, 200));
  });
});
