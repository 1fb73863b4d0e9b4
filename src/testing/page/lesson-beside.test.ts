/** A lesson beside a real run: the page's studio with two engines, one for the run and one for what the lesson computes. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openGpu } from '../../gpu/device';
import type { Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { computeLesson, leaveLesson, moveInLesson, openLesson } from '../../store/lessons/play-lesson';
import { PLAY, STEP } from '../../store/run/actions';
import { startRun } from '../../store/run/start-run';
import { createStudio } from '../../store/studio-store';
import { createTrainerClient } from '../../trainer/client';
import type { TrainerClient } from '../../trainer/client';
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { TrainerLoop } from '../../trainer/run/loop';
import { BENCH_CONFIG } from '../engine/trainer-bench';

const UPDATES = 3;
let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
});
beforeEach(() => {
  vi.stubGlobal('window', {});
  vi.stubGlobal('fetch', (url: URL) => Promise.resolve(new Response(readFileSync(`public${url.pathname}`))));
});
afterEach(() => vi.unstubAllGlobals());

function openEngine(): TrainerClient {
  const listeners: ((data: unknown) => void)[] = [];
  const loop = new TrainerLoop(
    (event, transfer) => listeners.forEach((listener) => listener(structuredClone(event, { transfer }))),
    () => Promise.resolve(gpu),
    (path) => {
      const file = `public/${path}`;
      return Promise.resolve(existsSync(file) ? Uint8Array.from(readFileSync(file)).buffer : null);
    },
  );
  return createTrainerClient({
    postMessage: (command) => {
      if (command.type !== 'examine') loop.handle(command);
    },
    onMessage: (listener) => listeners.push(listener),
    onError: () => undefined,
    terminate: () => undefined,
  });
}

/** The page with its run started and at rest. */
async function openPage() {
  const studio = createStudio({ client: openEngine(), openWorker: openEngine, baseUrl: 'http://localhost/' });
  const events: TrainerEvent[] = [];
  studio.client.subscribe((event) => events.push(event));
  startRun(studio, BENCH_CONFIG, 'warmStart');
  const state = () => studio.store.getState();
  const until = (holds: () => boolean): Promise<void> => vi.waitFor(() => expect(holds()).toBe(true), 120_000);
  const rest = (): Promise<void> => until(() => state().runState === 'paused');
  await rest();
  return {
    studio,
    state,
    until,
    rest,
    async stepTo(update: number): Promise<void> {
      STEP.perform(studio);
      await until(() => state().update === update);
      await rest();
    },
    /** Everything that the run has computed: its numbers by update, and the weights that they led to. */
    async outcome() {
      studio.client.send({ type: 'checkpoint' });
      await until(() => events.some(({ type }) => type === 'checkpoint'));
      const metrics = events.flatMap((event) =>
        event.type === 'metrics' ? [{ update: event.update, metrics: event.metrics }] : [],
      );
      return { metrics, hash: events.flatMap((event) => (event.type === 'checkpoint' ? [event.weightsHash] : [])) };
    },
  };
}

it('computed while a run waits in the middle of an update leaves it to go on as one that nobody left', async () => {
  const plain = await openPage();
  for (let update = 1; update <= UPDATES; update++) await plain.stepTo(update);

  const page = await openPage();
  await page.stepTo(1);
  PLAY.perform(page.studio);
  await page.until(() => page.state().runState === 'running');
  await openLesson(page.studio, 'train');
  await page.rest();
  const { update } = page.state();
  expect(update).toBeLessThan(UPDATES);
  page.studio.lessonScale = 1 / 64;
  await computeLesson(page.studio);
  const { open, problem } = page.state().lessons;
  expect([problem, open?.source]).toEqual([null, 'engine']);
  moveInLesson(page.studio, { type: 'forward' });
  leaveLesson(page.studio);
  expect(page.state()).toMatchObject({ update, runState: 'paused' });
  for (let next = update + 1; next <= UPDATES; next++) await page.stepTo(next);
  expect(await page.outcome()).toEqual(await plain.outcome());
});
