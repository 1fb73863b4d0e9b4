import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTrainerClient } from '../../trainer/client';
import type { Command, TrainerEvent } from '../../trainer/protocol/protocol';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createStudio } from '../studio-store';
import { openDoctor, PAUSE, PLAY, startRun } from './actions';
import { closeDoctor, copyReport, runDoctor, stopDoctor } from './doctor';

/** A worker that answers nothing by itself. */
class SilentWorker {
  readonly commands: Command[] = [];
  terminated = false;
  private hear: (data: unknown) => void = () => undefined;
  private fail: (message: string) => void = () => undefined;

  readonly client = createTrainerClient({
    postMessage: (command) => this.commands.push(command),
    onMessage: (listener) => (this.hear = listener),
    onError: (listener) => (this.fail = listener),
    terminate: () => (this.terminated = true),
  });

  say(event: TrainerEvent): void {
    this.hear(event);
  }

  crash(message: string): void {
    this.fail(message);
  }
}

/** A studio with a run at rest, its engine and the workers that the doctor opened. */
function openTestStudio() {
  const trainer = new FakeTrainer({ updateMs: 1e6 });
  const workers: SilentWorker[] = [];
  const openWorker = () => {
    const worker = new SilentWorker();
    workers.push(worker);
    return worker.client;
  };
  const studio = createStudio({ client: createTrainerClient(trainer), openWorker, baseUrl: 'http://localhost/' });
  startRun(studio, studio.store.getState().config, 'shipped');
  openDoctor(studio);
  const types = () => trainer.commands.map(({ type }) => type).filter((type) => type === 'play' || type === 'pause');
  return { studio, trainer, workers, types, doctor: () => studio.store.getState().doctor };
}

const EXAMINED = { type: 'examined', text: 'whole', healthy: true } as const;

describe('runDoctor', () => {
  beforeEach(() => vi.stubGlobal('navigator', { gpu: {} }));
  afterEach(() => vi.unstubAllGlobals());

  it('asks a worker of its own, shows the report as it grows, and lets the worker go', async () => {
    const { studio, workers, types, doctor } = openTestStudio();
    const over = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    const [worker] = workers;
    expect(worker?.commands).toEqual([
      {
        type: 'examine',
        baseUrl: 'http://localhost/',
        webGpuInPage: true,
        run: 'paused at update 0 (search-r2, small, 24 x 8 rows on microwiki)',
      },
    ]);
    worker?.say({ type: 'examining', text: 'so far' });
    expect(doctor()).toEqual({ text: 'so far', status: 'running', note: null });
    expect(worker?.terminated).toBe(false);
    worker?.say(EXAMINED);
    await over;
    expect(doctor()).toEqual({ text: 'whole', status: 'healthy', note: null });
    expect(worker?.terminated).toBe(true);
    // A run at rest is left alone.
    expect(types()).toEqual([]);
  });

  it('holds a run that plays and lets it go on, unless somebody did otherwise', async () => {
    const { studio, workers, types } = openTestStudio();
    PLAY.perform(studio);
    const first = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    expect(types()).toEqual(['play', 'pause']);
    expect(JSON.stringify(workers[0]?.commands)).toContain('"run":"paused at');
    workers[0]?.say(EXAMINED);
    await first;
    expect(types()).toEqual(['play', 'pause', 'play']);
    const second = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(2));
    PLAY.perform(studio);
    PAUSE.perform(studio);
    PLAY.perform(studio);
    workers[1]?.say({ ...EXAMINED, healthy: false });
    await second;
    expect(types()).toEqual(['play', 'pause', 'play', 'pause', 'play', 'pause', 'play']);
    expect(studio.store.getState().doctor).toMatchObject({
      status: 'unhealthy',
      text: 'whole\nThe run on the page was at work meanwhile (running): what is timed took longer.\n',
    });
    PAUSE.perform(studio);
  });

  it('does not wait for an engine that answers nothing', async () => {
    vi.useFakeTimers();
    const { studio, trainer, workers } = openTestStudio();
    PLAY.perform(studio);
    trainer.postMessage = () => undefined;
    const over = runDoctor(studio);
    await vi.advanceTimersByTimeAsync(6000);
    vi.useRealTimers();
    expect(workers).toHaveLength(1);
    workers[0]?.say(EXAMINED);
    await over;
    trainer.terminate();
  });

  it('keeps the report so far where it is stopped or the worker fails, and runs again', async () => {
    const { studio, workers, doctor } = openTestStudio();
    const first = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    workers[0]?.say({ type: 'examining', text: 'at work, testing rope' });
    // Once at a time.
    await runDoctor(studio);
    stopDoctor(studio);
    await first;
    expect(doctor()).toEqual({ text: 'at work, testing rope', status: 'stopped', note: null });
    expect(workers).toMatchObject([{ terminated: true }]);
    const second = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(2));
    workers[1]?.crash('no such file');
    await second;
    expect(doctor()).toEqual({ text: '', status: 'stopped', note: 'The engine stopped: no such file' });
  });

  it('ends with its dialog, and the run goes on', async () => {
    const { studio, workers, types, doctor } = openTestStudio();
    PLAY.perform(studio);
    const over = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    closeDoctor(studio);
    await over;
    expect(doctor()).toBeNull();
    expect(workers[0]?.terminated).toBe(true);
    expect(types()).toEqual(['play', 'pause', 'play']);
    PAUSE.perform(studio);
  });

  it('copies the report, or says how to', async () => {
    const { studio, workers, doctor } = openTestStudio();
    const over = runDoctor(studio);
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    workers[0]?.say(EXAMINED);
    await over;
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    await copyReport(studio);
    expect(writeText).toHaveBeenCalledWith('whole');
    expect(doctor()?.note).toBe('Copied.');
    writeText.mockRejectedValue(new Error('blocked'));
    await copyReport(studio);
    expect(doctor()?.note).toMatch(/copy it by hand/);
  });
});
