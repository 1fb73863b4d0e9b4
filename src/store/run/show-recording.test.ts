import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from './actions';
import {
  checkpointOf,
  closeRecording,
  continueRecording,
  finishRecording,
  firstUpdate,
  pauseRecording,
  playRecording,
  showRecording,
} from './show-recording';
import { numbersBatch } from '../../testing/page/hand-batch';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import { storeBatch } from '../../recordings/stored-batch';
import { EMPTY_LAB } from '../state/lab-state';
import { WHOLE_LIST } from '../state/row-list';
import { PLAY, STEP } from './actions';
import { showMoment } from './replay';
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

/** Numbers of updates 2 to 5, trajectories of 2 and 4, an evaluation and a mark of 4. */
const fake = makeFakeRecording(5);
const recording = {
  ...fake,
  metrics: fake.metrics.slice(1),
  batches: [2, 4].map((update) => storeBatch(numbersBatch([{ reward: 1 }], { update }), true)),
  evaluations: [{ update: 4, metrics: { emGreedy: 0.5 } }],
  marks: [{ kind: 'settings', update: 4 }] as const,
};
const shown = { recording, source: 'file', title: 't' } as const;
const RESTS = { type: 'state', runId: 1, state: 'paused', update: 3, phase: null, note: null } as const;

describe('a recording on screen', () => {
  it('is what it holds, and nothing of what was looked at in the live run', () => {
    const { studio, state, sent } = playedStudio();
    STEP.perform(studio);
    const selection = { row: 3, side: 'draft', step: 1 } as const;
    studio.pins.add(1, 'q', 1, 0);
    showMoment(studio, [{ phase: 'rollout', steps: 0 }], 0);
    studio.store.setState({
      ...{ selection, heldUpdate: 1, shownPin: 1, lab: { ...EMPTY_LAB, key: 'k' }, list: { ...WHOLE_LIST, find: 'x' } },
      ...{
        breakReason: 'b',
        inspection: { id: 1, update: 1, current: new Float32Array(1), reference: new Float32Array(1) },
      },
    });
    const { metricsVersion, batchVersion, pinsVersion } = state();
    showRecording(studio, shown);
    expect(state()).toMatchObject({
      ...{ recording: { ...shown, playedTo: 5, playing: false }, world: fake.world, update: 5, replay: null },
      ...{ evaluations: recording.evaluations, marks: recording.marks, selection: null, heldUpdate: null },
      ...{ shownPin: null, lab: EMPTY_LAB, list: WHOLE_LIST, inspection: null, breakReason: null },
      ...{ metricsVersion: metricsVersion + 1, batchVersion: batchVersion + 1, pinsVersion: pinsVersion + 1 },
    });
    expect(studio.history.all).toEqual(recording.metrics);
    expect(studio.batches.all).toEqual(recording.batches);
    expect(studio.pins.all).toEqual([]);
    expect(sent()).not.toContain('pause');
  });

  it('gives the live run back as it was left, with what the engine has said since', () => {
    const { studio, state, trainer } = playedStudio();
    STEP.perform(studio);
    const selection = { row: 3, side: 'draft', step: 1 } as const;
    const lab = { ...EMPTY_LAB, key: 'k' };
    const list = { ...WHOLE_LIST, find: 'x' };
    studio.pins.add(1, 'q', 1, 0);
    studio.store.setState({ selection, heldUpdate: 1, shownPin: 1, lab, list });
    const { world, evaluations, marks } = state();
    showRecording(studio, shown);
    trainer.emit({ type: 'metrics', runId: 1, update: 2, metrics: { x: 1 }, updateMs: 7 });
    trainer.emit(RESTS);
    expect(state().update).toBe(5);
    showRecording(studio, { ...shown, title: 'another' });
    const { metricsVersion } = state();
    closeRecording(studio);
    expect(state()).toMatchObject({
      ...{
        recording: null,
        world,
        evaluations,
        marks,
        selection,
        heldUpdate: 1,
        shownPin: 1,
        lab,
        list,
        inspection: null,
      },
      metricsVersion: metricsVersion + 2,
    });
    expect(studio.history.all.map(({ update }) => update)).toEqual([1, 2]);
    expect(studio.pins.all).toHaveLength(1);
    closeRecording(studio);
    expect(state().metricsVersion).toBe(metricsVersion + 2);
  });

  it('knows how far the live run has come when it goes', () => {
    const { studio, state, trainer } = playedStudio();
    showRecording(studio, shown);
    trainer.emit(RESTS);
    closeRecording(studio);
    expect(state().update).toBe(3);
  });

  it.each([
    ['plays', { playing: true }, 1],
    ['is about to play', { playWanted: true }, 1],
    ['rests', {}, 0],
  ])('makes a run pause that %s', (_, part, pauses) => {
    const { studio, state, sent } = playedStudio();
    studio.store.setState(part);
    showRecording(studio, shown);
    expect(sent().filter((type) => type === 'pause')).toHaveLength(pauses);
    expect(state()).toMatchObject({ playing: false, playWanted: false });
  });

  it('is shown up to an update', () => {
    const { studio, state } = playedStudio();
    showRecording(studio, { ...shown, playedTo: 3 });
    expect(state()).toMatchObject({
      update: 3,
      evaluations: [],
      marks: [],
      recording: { playedTo: 3, playing: false },
    });
    expect(studio.history.all.map(({ update }) => update)).toEqual([2, 3]);
    expect(studio.batches.all.map(({ batch }) => batch.update)).toEqual([2]);
    finishRecording(studio);
    expect(state()).toMatchObject({ update: 5, recording: { playedTo: 5, playing: false, title: 't' } });
  });

  it('goes on from its own checkpoint: of the update that is held, else of the last', () => {
    const checkpoints = [2, 4].map((update) => ({ update, weightsHash: '', bytes: Uint8Array.of(update) }));
    const { studio, state, trainer } = playedStudio();
    expect(checkpointOf(state())).toBeNull();
    showRecording(studio, { ...shown, recording: { ...recording, checkpoints } });
    expect(checkpointOf(state())?.update).toBe(4);
    studio.store.setState({ heldUpdate: 2 });
    const checkpoint = checkpointOf(state());
    if (checkpoint === null) throw new Error('there is one');
    continueRecording(studio, checkpoint);
    const start = trainer.commands.findLast(({ type }) => type === 'start');
    expect(start).toMatchObject({
      ...{ config: recording.config, triples: null },
      initial: { kind: 'checkpoint', name: 't', bytes: Uint8Array.of(2).buffer },
    });
    expect(studio.opened).toMatchObject({ kind: 'checkpoint', name: 't', update: 2, ownWorld: null });
    expect(state()).toMatchObject({ recording: null, initial: 'opened', firstUpdate: 2, update: 2 });
    expect(studio.history.all.map(({ update }) => update)).toEqual([2]);
    const runs = state().runId;
    continueRecording(studio, checkpoint);
    expect(state().runId).toBe(runs);
  });

  it('begins at the first update that it has anything of', () => {
    expect(firstUpdate(recording)).toBe(2);
    expect(firstUpdate({ ...recording, metrics: [] })).toBe(5);
  });
});

describe('a recording that plays', () => {
  let frames: (() => void)[] = [];
  beforeEach(() => {
    frames = [];
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const draw = (): void => {
    const [...due] = frames;
    frames = [];
    for (const frame of due) frame();
  };
  const played = () => {
    const at = playedStudio();
    showRecording(at.studio, { ...shown, playedTo: 2, playing: true });
    return at;
  };

  it('waits for its first picture, then shows an update every half second, each with what belongs to it', () => {
    const { studio, state } = played();
    vi.advanceTimersByTime(60_000);
    expect(state().update).toBe(2);
    draw();
    vi.advanceTimersByTime(49);
    expect(state().update).toBe(2);
    const { metricsVersion, batchVersion } = state();
    vi.advanceTimersByTime(1);
    expect(state()).toMatchObject({ update: 3, metricsVersion: metricsVersion + 1, batchVersion, evaluations: [] });
    vi.advanceTimersByTime(499);
    expect(state().update).toBe(3);
    vi.advanceTimersByTime(1);
    expect(state()).toMatchObject({
      ...{ update: 4, batchVersion: batchVersion + 1, evaluations: recording.evaluations, marks: recording.marks },
      recording: { playedTo: 4, playing: true },
    });
    expect(studio.batches.all.map(({ batch }) => batch.update)).toEqual([2, 4]);
    vi.advanceTimersByTime(500);
    expect(state()).toMatchObject({ update: 5, recording: { playedTo: 5, playing: false } });
    expect(studio.history.all).toEqual(recording.metrics);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stands still where it is paused, and goes on from there or from its beginning', () => {
    const { studio, state } = played();
    draw();
    vi.advanceTimersByTime(50);
    pauseRecording(studio);
    vi.advanceTimersByTime(60_000);
    expect(state()).toMatchObject({ update: 3, recording: { playedTo: 3, playing: false } });
    playRecording(studio);
    draw();
    vi.advanceTimersByTime(50);
    expect(state().update).toBe(4);
    vi.advanceTimersByTime(500);
    playRecording(studio);
    expect(state()).toMatchObject({ update: 2, recording: { playedTo: 2, playing: true } });
  });

  it('is not played twice at once when it is shown anew', () => {
    const { studio, state } = played();
    draw();
    showRecording(studio, { ...shown, playedTo: 2, playing: true });
    vi.advanceTimersByTime(60_000);
    expect(state().update).toBe(2);
    draw();
    vi.advanceTimersByTime(50);
    expect(state().update).toBe(3);
  });

  it.each<[what: string, leave: (at: ReturnType<typeof played>) => void]>([
    ['closed', ({ studio }) => closeRecording(studio)],
    ['gone on with', ({ studio }) => PLAY.perform(studio)],
    ['replaced by a run', ({ studio }) => startRun(studio, defaultConfig, 'shipped')],
  ])('plays no more once it is %s', (_, leave) => {
    for (const drawn of [true, false]) {
      const at = played();
      if (drawn) draw();
      leave(at);
      at.trainer.terminate();
      const { update } = at.state();
      draw();
      vi.advanceTimersByTime(60_000);
      expect(at.state()).toMatchObject({ recording: null, update });
    }
  });

  it('is nothing to play, pause or finish where none is shown', () => {
    const { studio, state } = idleStudio();
    playRecording(studio);
    finishRecording(studio);
    pauseRecording(studio);
    expect(state().recording).toBeNull();
  });
});
