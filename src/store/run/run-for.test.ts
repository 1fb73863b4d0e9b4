import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { playedStudio } from '../../testing/page/open-studio';
import type { RunState } from '../../trainer/protocol/protocol';
import { createTrainerClient } from '../../trainer/client';
import { PAUSE, PLAY, RESET, setPace, startRun } from './actions';
import { readTarget, runFor, runOn } from './run-for';
import { secondsLeft } from './run-target';
import { showRecording } from './show-recording';
import { createStudio } from '../studio-store';

function open() {
  const trainer = new FakeTrainer({ updateMs: 100 });
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  return { trainer, studio, state: () => studio.store.getState() };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('readTarget', () => {
  it('reads whole numbers, with or without separators, and says what is wrong with anything else', () => {
    expect(readTarget('100', 'more', 12)).toBe(112);
    expect(readTarget(' 1,500 ', 'to', 12)).toBe(1500);
    for (const text of ['', '0', '-3', '2.5', '1e3', 'ten', '100001', '99999999999999999999']) {
      expect(readTarget(text, 'more', 12), text).toEqual({ problem: 'Write a whole number from 1 to 100,000.' });
    }
    expect(readTarget('100,000', 'more', 0)).toBe(100_000);
    expect(readTarget('1', 'more', 0)).toBe(1);
    expect(readTarget('13', 'to', 12)).toBe(13);
    expect(readTarget('12', 'more', 12)).toBe(24);
    expect(readTarget('1 500', 'to', 12)).toBe(1500);
    expect(readTarget('1500', 'to', 2000)).toEqual({ problem: 'The run is at update 2,000: name a later one.' });
    expect(readTarget('12', 'to', 12)).toEqual({ problem: 'The run is at update 12: name a later one.' });
  });
});

describe('runFor', () => {
  it('plays up to the update and stops there, and Play goes on without an end', () => {
    const { trainer, studio, state } = open();
    expect(runFor(studio, '3', 'more')).toBeNull();
    expect(trainer.commands.at(-1)).toEqual({ type: 'play', until: 3 });
    vi.advanceTimersByTime(1000);
    expect(state()).toMatchObject({ update: 3, runState: 'paused', target: null, playing: false });
    expect(state().announcement).toBe('Update 3 is reached');
    PLAY.perform(studio);
    expect(trainer.commands.at(-1)).toEqual({ type: 'play' });
  });

  it('keeps the end over a pause, takes another one while it runs, and lets go of it', () => {
    const { trainer, studio, state } = open();
    runFor(studio, '50', 'to');
    vi.advanceTimersByTime(250);
    PAUSE.perform(studio);
    expect(state()).toMatchObject({ update: 2, target: 50 });
    PLAY.perform(studio);
    expect(trainer.commands.at(-1)).toEqual({ type: 'play', until: 50 });
    runFor(studio, '5', 'more');
    expect(trainer.commands.at(-1)).toEqual({ type: 'play', until: 7 });
    runOn(studio);
    expect(trainer.commands.at(-1)).toEqual({ type: 'play' });
    vi.advanceTimersByTime(1000);
    expect(state()).toMatchObject({ update: 12, runState: 'running', target: null });
    runFor(studio, '1', 'more');
    RESET.perform(studio);
    expect(state().target).toBeNull();
  });

  it('changes nothing where the text is wrong', () => {
    const { trainer, studio, state } = open();
    const commands = trainer.commands.length;
    expect(runFor(studio, 'many', 'more')).toContain('whole number');
    expect(trainer.commands).toHaveLength(commands);
    expect(state().target).toBeNull();
  });

  it('tells the time left by the measured updates, or by the speed where that is lower', () => {
    const { studio } = open();
    expect(secondsLeft(studio)).toBeNull();
    runFor(studio, '40', 'to');
    vi.advanceTimersByTime(1050);
    const rate = studio.history.updatesPerMinute() ?? 0;
    expect(secondsLeft(studio)).toBeCloseTo((60 * 30) / rate, 6);
    setPace(studio, 'cap10');
    expect(secondsLeft(studio)).toBeCloseTo((60 * 30) / Math.min(rate, 10), 6);
  });
});

describe('runFor, whatever the engine does', () => {
  const idle = (runState: RunState | null, playing = false) => {
    const played = playedStudio();
    played.studio.store.setState({ runState, playing });
    return { ...played, before: played.trainer.commands.length };
  };

  it.each([null, 'failed'] as const)('says that it is not ready while it is %s', (runState) => {
    const { studio, trainer, before, state } = idle(runState);
    expect(runFor(studio, '3', 'more')).toMatch(/^The engine is not ready/);
    expect(trainer.commands).toHaveLength(before);
    expect(state().target).toBeNull();
  });

  it('keeps the end in mind while the engine loads', () => {
    const { studio, trainer, before, state } = idle('loading');
    expect(runFor(studio, '3', 'more')).toBeNull();
    expect(state()).toMatchObject({ playWanted: true, target: 3 });
    expect(trainer.commands).toHaveLength(before);
    trainer.emit({ type: 'state', runId: 1, state: 'paused', update: 0, phase: null, note: null });
    expect(trainer.commands.at(-1)).toEqual({ type: 'play', until: 3 });
  });

  it('tells the engine at once while it evaluates in the middle of a run', () => {
    const { studio, trainer } = idle('evaluating', true);
    expect(runFor(studio, '4', 'to')).toBeNull();
    expect(trainer.commands.at(-1)).toEqual({ type: 'play', until: 4 });
    trainer.terminate();
  });

  it('counts from where a recorded run ends, and keeps it on screen where the text is wrong', () => {
    const { studio, trainer, state } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(5), source: 'file', title: 't' });
    expect(runFor(studio, 'x', 'more')).toMatch(/whole number/);
    expect(state().recording).not.toBeNull();
    // Only now it is known where that run goes on.
    expect(runFor(studio, '4', 'to')).toBe('The run is at update 5: name a later one.');
    expect(state()).toMatchObject({ recording: null, firstUpdate: 5, target: null });
    studio.store.setState({ update: 5 });
    expect(runFor(studio, '3', 'more')).toBeNull();
    expect(trainer.commands.at(-1)).toEqual({ type: 'play', until: 8 });
    trainer.terminate();
  });

  it('lets go of the end without a word to an engine that rests', () => {
    const { studio, trainer, before, state } = idle('paused');
    studio.store.setState({ target: 9 });
    runOn(studio);
    expect(state().target).toBeNull();
    expect(trainer.commands).toHaveLength(before);
  });
});
