import { afterEach, expect, it, vi } from 'vitest';
import { encodeCapsule } from '../../recordings/capsule';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { closeRecording } from '../run/show-recording';
import { createStudio } from '../studio-store';
import { showExample } from './load-recording';

afterEach(() => vi.unstubAllGlobals());

const studioAt = () =>
  createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/some/where/' });

it('shows the example that ships in place of the run, which comes back untouched', async () => {
  const capsule = await encodeCapsule(makeFakeRecording(3));
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(url.href);
    return Promise.resolve(new Response(capsule));
  });
  const studio = studioAt();
  studio.store.setState({ update: 7, runsOpen: true });
  await showExample(studio);
  expect(asked).toEqual(['http://localhost/some/where/capsules/example.capsule']);
  expect(studio.store.getState()).toMatchObject({ runsOpen: false, recording: { source: 'example', playing: false } });
  expect(studio.batches.newest?.batch.update).toBe(makeFakeRecording(3).batches.at(-1)?.batch.update);
  closeRecording(studio);
  expect(studio.store.getState()).toMatchObject({ update: 7, recording: null });
  expect(studio.batches.newest).toBeNull();
});

it('says so where it cannot be had, and changes nothing', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
  const studio = studioAt();
  await showExample(studio);
  expect(studio.store.getState().recording).toBeNull();
  expect(studio.store.getState().problems).toMatchObject([
    { message: 'The example could not be loaded.', fatal: false },
  ]);
});
