import { expect, it } from 'vitest';
import { defaultConfig } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from './actions';
import { closeRecording, showRecording } from './show-recording';
import { createStudio } from '../studio-store';

it('parts a recording and the live run: each has its own series, trajectories and update, whatever comes meanwhile', () => {
  const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
  startRun(studio, defaultConfig, 'shipped');
  const live = (update: number): void => {
    const { runId } = studio.store.getState();
    studio.receive({ type: 'metrics', runId, update, metrics: { rewardMean: update / 8 }, updateMs: 5 });
  };
  const shown = () => ({
    rewards: studio.history.all.map(({ update, metrics }) => [update, metrics['rewardMean']]),
    batches: studio.batches.all.map(({ batch }) => batch.update),
  });
  live(1);
  const alone = { rewards: [[1, 1 / 8]], batches: [] };
  expect(shown()).toEqual(alone);

  const recording = makeFakeRecording(4);
  showRecording(studio, { recording, source: 'file', title: 'their.capsule' });
  const recorded = shown();
  expect(recorded.rewards.map(([update]) => update)).toEqual(recording.metrics.map(({ update }) => update));
  expect(recorded.batches).toEqual(recording.batches.map(({ batch }) => batch.update));
  live(2);
  expect(shown()).toEqual(recorded);

  closeRecording(studio);
  expect(shown()).toEqual({ ...alone, rewards: [...alone.rewards, [2, 2 / 8]] });
  expect(studio.store.getState().recording).toBeNull();
});
