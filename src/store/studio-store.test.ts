import { describe, expect, it, vi } from 'vitest';
import { configForPreset } from '../config/schema';
import { FakeTrainer } from '../testing/page/fake-trainer';
import type { FakeTrainerOptions } from '../testing/page/fake-trainer';
import { createTrainerClient } from '../trainer/client';
import {
  PAUSE,
  PLAY,
  RESET,
  STEP,
  appliesLive,
  applyDraft,
  editPreset,
  editSetting,
  setBreakpoints,
  setPace,
  setStepTrains,
  startRun,
} from './run/actions';
import { changesAgainstPreset } from './run/config-draft';
import { MOMENT_MS } from './run/replay';
import { currentView } from './view/current-view';
import { activity, runLabel, seedText } from './run/status';
import { createStudio } from './studio-store';
import { goLive, goToUpdate, pinQuestion, select, showPin, unpinQuestion } from './view/view-actions';

function open(options: FakeTrainerOptions = {}) {
  const trainer = new FakeTrainer(options);
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  return { trainer, studio, state: () => studio.store.getState() };
}

describe('the studio', () => {
  it('starts a run, learns the world and pauses', () => {
    const { trainer, state } = open();
    expect(trainer.commands[0]).toMatchObject({ type: 'start', runId: 1, initial: { kind: 'shipped' } });
    expect(state().world?.id).toBe('microwiki');
    expect(runLabel(state())).toBe('PAUSED');
    expect(PLAY.enabled(state())).toBe(true);
    expect(PAUSE.enabled(state())).toBe(false);
    expect(state().evaluations).toHaveLength(1);
  });

  it('steps: one update, one row of metrics, one batch', () => {
    const { studio, state } = open();
    STEP.perform(studio);
    expect(state().update).toBe(1);
    expect(studio.history.length).toBe(1);
    expect(studio.batches.shown?.batch.update).toBe(1);
    expect(currentView(studio)?.stored.rows).toHaveLength(192);
  });

  it('remembers Play while the engine loads, and sends it once', () => {
    const { trainer, studio, state } = open({ stuckIn: 'loading' });
    PLAY.perform(studio);
    expect(PLAY.enabled(state())).toBe(false);
    expect(PAUSE.enabled(state())).toBe(true);
    expect(activity(state())).toMatch(/as soon as/);
    const paused = { type: 'state', runId: 1, state: 'paused', update: 0, phase: null, note: null } as const;
    trainer.emit(paused);
    trainer.emit(paused);
    expect(trainer.commands.filter((command) => command.type === 'play')).toHaveLength(1);
    trainer.terminate();
  });

  it('takes Play back before it was sent', () => {
    const { trainer, studio } = open({ stuckIn: 'loading' });
    PLAY.perform(studio);
    PAUSE.perform(studio);
    trainer.emit({ type: 'state', runId: 1, state: 'paused', update: 0, phase: null, note: null });
    expect(trainer.commands.map((command) => command.type)).toEqual(['start', 'breakpoints', 'pace']);
  });

  it('can be paused while it evaluates in the middle of a run, but not while it evaluates the base', () => {
    const { trainer, state } = open();
    const evaluating = { type: 'state', runId: 1, state: 'evaluating', update: 0, phase: null, note: null } as const;
    trainer.emit(evaluating);
    expect(PAUSE.enabled(state())).toBe(false);
    expect(PLAY.enabled(state())).toBe(true);
    trainer.emit({ ...evaluating, state: 'running' });
    trainer.emit(evaluating);
    expect(PAUSE.enabled(state())).toBe(true);
  });

  it('drops events of a run that was replaced', () => {
    const { trainer, studio, state } = open();
    startRun(studio, configForPreset('search-r1'), 'warmStart');
    trainer.emit({ type: 'metrics', runId: 1, update: 9, metrics: { emFinal: 1 }, updateMs: 1 });
    expect(studio.history.length).toBe(0);
    expect(state().update).toBe(0);
    expect(trainer.commands.at(-3)).toMatchObject({ runId: 2, initial: { kind: 'warmStart' } });
  });

  it('drops what is still under way when it was reset', () => {
    const { trainer, studio, state } = open({ warmUpdates: 25 });
    expect(state().evaluations).toHaveLength(2);
    trainer.postMessage = () => undefined;
    RESET.perform(studio);
    trainer.emit({ type: 'metrics', runId: 1, update: 26, metrics: {}, updateMs: 1 });
    trainer.emit({ type: 'state', runId: 1, state: 'running', update: 26, phase: 'update', note: null });
    expect(studio.history.length).toBe(0);
    expect(state().update).toBe(0);
    expect(state().evaluations.map((result) => result.update)).toEqual([0]);
    trainer.emit({ type: 'state', runId: 1, state: 'paused', update: 0, phase: null, note: null });
    trainer.emit({ type: 'metrics', runId: 1, update: 1, metrics: {}, updateMs: 1 });
    expect(studio.history.length).toBe(1);
  });

  it('holds the batch a person looks at while newer ones arrive', () => {
    const { studio } = open({ warmUpdates: 3 });
    select(studio, { row: 20, side: 'final', step: 1 });
    STEP.perform(studio);
    expect(currentView(studio)).toMatchObject({ behind: true, chosen: true, group: 2, batch: { update: 3 } });
    goLive(studio);
    expect(currentView(studio)).toMatchObject({ behind: false, chosen: false, batch: { update: 4 } });
  });

  it('goes back to an update, or to the nearest one that is kept', () => {
    const { studio, state } = open();
    for (let k = 0; k < 3; k += 1) STEP.perform(studio);
    goToUpdate(studio, 1);
    expect(currentView(studio)).toMatchObject({ behind: true, chosen: false, batch: { update: 1 } });
    goToUpdate(studio, 99);
    expect(state().heldUpdate).toBe(3);
    expect(currentView(studio)?.behind).toBe(false);
    RESET.perform(studio);
    expect(state().heldUpdate).toBeNull();
  });

  it('follows a pinned question over updates and lists its own trajectories', () => {
    const { trainer, studio, state } = open({ warmUpdates: 1 });
    pinQuestion(studio, 4);
    pinQuestion(studio, 4);
    expect(trainer.commands.filter((command) => command.type === 'pin')).toEqual([
      { type: 'pin', id: 1, update: 1, group: 4 },
    ]);
    STEP.perform(studio);
    const [pin] = studio.pins.all;
    expect(pin?.question).toBe(studio.batches.nearest(1)?.batch.questions[4]);
    expect(pin?.answers.map(({ update }) => update)).toEqual([1, 2]);
    showPin(studio, 1);
    expect(currentView(studio)).toMatchObject({ group: 0, batch: { update: 2, prompts: 1 } });
    goToUpdate(studio, 1);
    expect(currentView(studio)?.batch.update).toBe(1);
    RESET.perform(studio);
    expect(studio.pins.all[0]?.answers).toEqual([]);
    unpinQuestion(studio, 1);
    expect(state().shownPin).toBeNull();
    expect(trainer.commands.at(-1)).toEqual({ type: 'unpin', id: 1 });
  });

  it('marks breakpoints and checkpoints and says why the run was paused until it goes on', () => {
    const { trainer, studio, state } = open({ warmUpdates: 2 });
    const breakpoints = { ...state().breakpoints, entropyBelow: 0.5 };
    setBreakpoints(studio, breakpoints);
    expect(trainer.commands.at(-1)).toEqual({ type: 'breakpoints', breakpoints });
    trainer.emit({ type: 'breakpoint', runId: 1, update: 2, reason: 'entropy 0.4 is below 0.5' });
    trainer.emit({ type: 'checkpoint', runId: 1, update: 2, bytes: new ArrayBuffer(0), weightsHash: '0' });
    expect(state().marks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['breakpoint', 'checkpoint']));
    expect(activity(state())).toBe('Breakpoint at update 2: entropy 0.4 is below 0.5');
    trainer.emit({ type: 'state', runId: 1, state: 'running', update: 2, phase: 'rollout', note: null });
    expect(activity(state())).toBe('1 roll out');
    startRun(studio, state().config, 'shipped');
    expect(trainer.commands.at(-2)).toEqual({ type: 'breakpoints', breakpoints });
  });

  it('keeps what was measured when the engine fails, and says so', () => {
    const { trainer, studio, state } = open({ warmUpdates: 3 });
    trainer.crash('out of memory');
    expect(runLabel(state())).toBe('STOPPED');
    expect(state().problems[0]).toMatchObject({ message: 'The engine stopped: out of memory', fatal: true });
    expect(studio.history.length).toBe(3);
    expect(STEP.enabled(state())).toBe(false);
    RESET.perform(studio);
    expect(trainer.commands.at(-3)).toMatchObject({ type: 'start', runId: 2 });
    expect(runLabel(state())).toBe('PAUSED');
  });

  it('edits settings without touching the run until they are applied', () => {
    const { trainer, studio, state } = open();
    editSetting(studio, 'groupSize', 16);
    editSetting(studio, 'groupSize', 99);
    editSetting(studio, 'prompts', 2.5);
    expect(state().draft.groupSize).toBe(16);
    expect(state().draft.prompts).toBe(24);
    expect(state().config.groupSize).toBe(8);
    editPreset(studio, 'search-r1');
    expect(state().draft).toMatchObject({ preset: 'search-r1', refiner: 'none', groupSize: 16 });
    expect(changesAgainstPreset(state().draft)).toEqual([{ key: 'groupSize', from: 8, to: 16 }]);
    applyDraft(studio);
    expect(trainer.commands.at(-3)).toMatchObject({ type: 'start', config: { preset: 'search-r1', groupSize: 16 } });
    expect(seedText(state())).toBe('seed 1');
  });

  it('applies settings to the run that is there where no restart is needed', () => {
    const { trainer, studio, state } = open({ warmUpdates: 3 });
    editSetting(studio, 'learningRate', 0.001);
    expect(appliesLive(state())).toBe(true);
    applyDraft(studio);
    expect(trainer.commands.at(-1)).toMatchObject({ type: 'configure', config: { learningRate: 0.001 } });
    expect(state()).toMatchObject({ runId: 1, update: 3, config: { learningRate: 0.001 }, settingsOpen: false });
    expect(state().marks.at(-1)).toEqual({ kind: 'settings', update: 3, note: 'Learning rate' });
    editSetting(studio, 'size', 'tiny');
    expect(appliesLive(state())).toBe(false);
    applyDraft(studio);
    expect(state().runId).toBe(2);
  });

  it('steps one part alone and sets the pace, also of the next run', () => {
    const { trainer, studio, state } = open();
    setStepTrains(studio, 'refiner');
    STEP.perform(studio);
    expect(trainer.commands.at(-1)).toEqual({ type: 'step', train: 'refiner' });
    setPace(studio, 'cap10');
    expect(trainer.commands.at(-1)).toEqual({ type: 'pace', updatesPerMinute: 10 });
    startRun(studio, state().config, 'shipped');
    expect(trainer.commands.at(-1)).toEqual({ type: 'pace', updatesPerMinute: 10 });
  });

  it('shows an update phase by phase in slow motion, until something else is looked at', () => {
    vi.useFakeTimers();
    const { studio, state } = open();
    setPace(studio, 'slow');
    STEP.perform(studio);
    const seen: string[] = [];
    const stop = studio.store.subscribe(({ replay }) => seen.push(replay?.phase ?? 'none'));
    expect(state().replay).toEqual({ phase: 'rollout', steps: 0 });
    vi.advanceTimersByTime(MOMENT_MS);
    expect(state().replay).toEqual({ phase: 'rollout', steps: 1 });
    vi.advanceTimersByTime(60_000);
    expect([...new Set(seen)]).toEqual(['rollout', 'review', 'regenerate', 'reward', 'advantage', 'update']);
    STEP.perform(studio);
    select(studio, { row: 3, side: 'final', step: 1 });
    expect(state().replay).toBeNull();
    vi.advanceTimersByTime(60_000);
    expect(state().replay).toBeNull();
    stop();
    vi.useRealTimers();
  });
});
