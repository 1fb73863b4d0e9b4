import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import type { PlayedStudio } from '../../testing/page/open-studio';
import type { RunState } from '../../trainer/protocol/protocol';
import type { StudioState } from '../state/studio-state';
import {
  appliesLive,
  applyDraft,
  discardDraft,
  dismissNewVersion,
  dismissNotes,
  dismissProblem,
  editInitial,
  editOwnWorldChoice,
  editPreset,
  editSetting,
  goOn,
  PAUSE,
  PLAY,
  RESET,
  setPace,
  setStepTrains,
  setView,
  startRun,
  STEP,
  togglePlay,
  toggleSettings,
} from './actions';
import { showRecording } from './show-recording';

const OWN_WORLD = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };

describe('what can be pressed', () => {
  const { studio, state } = playedStudio();
  const names = (part: Partial<StudioState>) =>
    [PLAY, PAUSE, STEP, RESET].filter(({ enabled }) => enabled({ ...state(), ...part })).map(({ name }) => name);

  it.each<[state: RunState | null, plain: string[], playing: string[], wanted: string[]]>([
    [null, [], [], ['Pause']],
    ['loading', ['Play'], ['Pause'], ['Pause']],
    ['warmStart', ['Play'], ['Pause'], ['Pause']],
    ['paused', ['Play', 'Step', 'Reset'], ['Play', 'Step', 'Reset'], ['Play', 'Pause', 'Step', 'Reset']],
    ['running', ['Pause', 'Reset'], ['Pause', 'Reset'], ['Pause', 'Reset']],
    // The first evaluation gives way; one in the middle of a run does not.
    ['evaluating', ['Play', 'Step', 'Reset'], ['Pause', 'Reset'], ['Play', 'Pause', 'Step', 'Reset']],
    ['failed', ['Reset'], ['Reset'], ['Pause', 'Reset']],
  ])('while the engine is %s', (runState, plain, playing, wanted) => {
    expect(names({ runState, playing: false, playWanted: false })).toEqual(plain);
    expect(names({ runState, playing: true, playWanted: false })).toEqual(playing);
    expect(names({ runState, playing: false, playWanted: true })).toEqual(wanted);
    expect(studio.store.getState().runState).toBe('paused');
  });
});

describe('Play, Pause and Step', () => {
  it('take each other’s place under the space bar', () => {
    const { studio, sent, state } = playedStudio();
    togglePlay(studio);
    expect(state()).toMatchObject({ runState: 'running', playing: true });
    togglePlay(studio);
    expect(state()).toMatchObject({ runState: 'paused', playing: false });
    expect(sent().slice(-2)).toEqual(['play', 'pause']);
    studio.store.setState({ runState: 'failed' });
    togglePlay(studio);
    expect(sent().slice(-2)).toEqual(['play', 'pause']);
  });

  it('are kept in mind while the engine loads, and taken back without a word to it', () => {
    const { studio, sent, state } = playedStudio({ stuckIn: 'loading' });
    const before = sent();
    PLAY.perform(studio);
    expect(state()).toMatchObject({ playWanted: true, playing: false });
    PAUSE.perform(studio);
    expect(state()).toMatchObject({ playWanted: false, playing: false });
    expect(sent()).toEqual(before);
  });
});

describe('going on', () => {
  const withRecording = (source: 'example' | 'file', checkpoints = true): PlayedStudio => {
    const played = playedStudio();
    const fake = makeFakeRecording(3);
    const recording = checkpoints ? fake : { ...fake, checkpoints: [] };
    showRecording(played.studio, { recording, source, title: 'theirs' });
    return played;
  };

  it.each([
    ['the example, whatever it has', 'example', true],
    ['a recording without a checkpoint', 'file', false],
  ] as const)('leaves %s for the live run', (_, source, checkpoints) => {
    const { studio, state } = withRecording(source, checkpoints);
    goOn(studio);
    expect(state()).toMatchObject({ recording: null, runId: 1, update: 0 });
  });

  it('takes up a recorded run where it ends', () => {
    const { studio, state, trainer } = withRecording('file');
    goOn(studio);
    expect(state()).toMatchObject({ recording: null, runId: 2, firstUpdate: 3 });
    expect(trainer.commands.findLast(({ type }) => type === 'start')).toMatchObject({
      initial: { kind: 'checkpoint' },
    });
  });
});

describe('Reset', () => {
  it('throws away what was trained, and keeps what the first weights can do', () => {
    const { studio, state, sent } = playedStudio();
    STEP.perform(studio);
    STEP.perform(studio);
    const { evaluations, metricsVersion, batchVersion, pinsVersion } = state();
    expect(evaluations.map(({ update }) => update)).toEqual([0]);
    studio.store.setState({
      ...{ savedId: 'x', savedUpdate: 2, target: 9, breakReason: 'why', heldUpdate: 1, phase: 'update' },
      ...{ selection: { row: 1, side: 'draft', step: 1 }, evaluations: [...evaluations, { update: 2, metrics: {} }] },
    });
    RESET.perform(studio);
    expect(sent().at(-1)).toBe('reset');
    expect(state()).toMatchObject({
      ...{ update: 0, phase: null, selection: null, heldUpdate: null, breakReason: null, target: null },
      ...{ savedId: null, savedUpdate: null, evaluations, marks: [{ kind: 'reset', update: 0 }] },
      ...{ metricsVersion: metricsVersion + 1, batchVersion: batchVersion + 1, pinsVersion: pinsVersion + 1 },
      announcement:
        'Reset to the first weights. The run before is kept as curves that the charts can show behind, and saved at update 2, in File, Runs',
    });
    expect(state().lastRun?.metrics).toHaveLength(2);
    expect([studio.history.length, studio.batches.all.length]).toEqual([0, 0]);
  });

  it('says where the run before can be found, if anywhere', () => {
    const said = (steps: number, savedUpdate: number | null) => {
      const { studio, state } = playedStudio();
      for (let k = 0; k < steps; k += 1) STEP.perform(studio);
      studio.store.setState({ savedUpdate });
      RESET.perform(studio);
      return state().announcement;
    };
    expect(said(0, null)).toBe('Reset to the first weights');
    expect(said(1, null)).toMatch(/^Reset to the first weights\. The run before is kept as curves [^,]*$/);
    expect(said(0, 0)).toBe('Reset to the first weights. The run before is kept saved at update 0, in File, Runs');
  });

  it('drops what the engine still says of the updates that are gone', () => {
    const { studio, state, trainer } = playedStudio();
    STEP.perform(studio);
    studio.store.setState({ resetPending: true });
    trainer.emit({ type: 'metrics', runId: 1, update: 2, metrics: {}, updateMs: 1 });
    trainer.emit({ type: 'state', runId: 1, state: 'running', update: 2, phase: null, note: null });
    expect(state()).toMatchObject({ resetPending: true, update: 1, runState: 'paused' });
    trainer.emit({ type: 'state', runId: 1, state: 'paused', update: 0, phase: null, note: null });
    expect(state()).toMatchObject({ resetPending: false, update: 0 });
  });

  it('starts a dead engine anew with the same settings', () => {
    const { studio, state, sent, trainer } = playedStudio({}, { size: 'tiny' });
    STEP.perform(studio);
    trainer.crash('gone');
    RESET.perform(studio);
    expect(sent().slice(-3)).toEqual(['start', 'breakpoints', 'pace']);
    expect(state()).toMatchObject({ runId: 2, update: 0, config: { size: 'tiny' }, problems: [] });
  });

  it('leaves a recording first', () => {
    const { studio, state } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(3), source: 'file', title: 'theirs' });
    RESET.perform(studio);
    expect(state()).toMatchObject({ recording: null, update: 0, runState: 'paused' });
  });
});

describe('settings', () => {
  it('can be taken over by the run where neither settings, weights nor world ask for another', () => {
    const { studio, state } = playedStudio();
    expect(appliesLive(state())).toBe(true);
    editInitial(studio, 'warmStart');
    expect(appliesLive(state())).toBe(false);
    editInitial(studio, 'shipped');
    editOwnWorldChoice(studio, OWN_WORLD);
    expect(appliesLive(state())).toBe(false);
    discardDraft(studio);
    expect(appliesLive(state())).toBe(true);
    editSetting(studio, 'size', 'tiny');
    expect(appliesLive(state())).toBe(false);
    discardDraft(studio);
    for (const runState of ['loading', 'warmStart', 'failed', null] as const) {
      expect(appliesLive({ ...state(), runState })).toBe(false);
    }
    for (const runState of ['paused', 'running', 'evaluating'] as const) {
      expect(appliesLive({ ...state(), runState })).toBe(true);
    }
  });

  it('go back to those of the run when they are discarded', () => {
    const { studio, state } = playedStudio();
    const { config } = state();
    editPreset(studio, 'search-r1');
    editInitial(studio, 'warmStart');
    editOwnWorldChoice(studio, OWN_WORLD);
    expect(state()).toMatchObject({
      draft: { preset: 'search-r1' },
      draftInitial: 'warmStart',
      draftOwnWorld: OWN_WORLD,
    });
    discardDraft(studio);
    expect(state()).toMatchObject({ draft: config, draftInitial: 'shipped', draftOwnWorld: null });
  });

  it('that cannot go together are mended, and said to be', () => {
    const { studio, state, sent } = playedStudio();
    toggleSettings(studio);
    // With the other errors of the demonstrator they add up to 1.26.
    editSetting(studio, 'vagueQuery', 1);
    applyDraft(studio);
    expect(state().settingsOpen).toBe(false);
    expect(state().notes).toEqual([expect.stringMatching(/^Scaled down: .*must add up to at most 1/)]);
    expect(state().config.vagueQuery).toBeCloseTo(1 / 1.26, 9);
    expect(sent().at(-1)).toBe('pace');
    editSetting(studio, 'learningRate', 0.001);
    applyDraft(studio);
    expect(sent().at(-1)).toBe('configure');
    expect(state().announcement).toBe('Applied from the next update on');
  });

  it('start another run on another world, with the weights that were chosen', () => {
    const { studio, state, trainer } = playedStudio();
    editOwnWorldChoice(studio, OWN_WORLD);
    editInitial(studio, 'warmStart');
    applyDraft(studio);
    const start = trainer.commands.findLast(({ type }) => type === 'start');
    expect(start).toMatchObject({ initial: { kind: 'warmStart' }, triples: { name: 'mine', text: 'a,b,c' } });
    expect(state()).toMatchObject({ runId: 2, ownWorld: OWN_WORLD, initial: 'warmStart' });
  });

  it('leave a recording first', () => {
    const { studio, state } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(3), source: 'example', title: 'Example' });
    editSetting(studio, 'learningRate', 0.001);
    applyDraft(studio);
    expect(state()).toMatchObject({ recording: null, config: { learningRate: 0.001 } });
  });
});

describe('the page around the run', () => {
  it('opens one drawer at a time', () => {
    const { studio, state } = idleStudio();
    studio.store.setState({ runsOpen: true });
    toggleSettings(studio);
    expect(state()).toMatchObject({ settingsOpen: true, runsOpen: false });
    toggleSettings(studio);
    expect(state()).toMatchObject({ settingsOpen: false, runsOpen: false });
  });

  it('shows a view, and lets go of what a person has read', () => {
    const { studio, state } = idleStudio();
    setView(studio, 'ask');
    expect(state().view).toBe('ask');
    const problem = { message: 'm', hint: 'h', fatal: false };
    studio.store.setState({
      ...{ notes: ['a'], newVersion: () => undefined },
      problems: [
        { id: 1, ...problem },
        { id: 2, ...problem },
      ],
    });
    dismissProblem(studio, 1);
    expect(state().problems.map(({ id }) => id)).toEqual([2]);
    dismissNotes(studio);
    dismissNewVersion(studio);
    expect(state()).toMatchObject({ notes: [], newVersion: null });
  });

  it('tells the engine the pace', () => {
    const { studio, trainer, state } = playedStudio();
    setPace(studio, 'cap120');
    expect(trainer.commands.at(-1)).toEqual({ type: 'pace', updatesPerMinute: 120 });
    setPace(studio, 'full');
    expect(trainer.commands.at(-1)).toEqual({ type: 'pace', updatesPerMinute: null });
    setStepTrains(studio, 'actor');
    expect(state()).toMatchObject({ pace: 'full', stepTrains: 'actor' });
  });

  it('begins a run as if nothing had been there before', () => {
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    startRun(studio, configForPreset('search-r1'), 'shipped');
    expect(state()).toMatchObject({ runId: 2, update: 0, config: { preset: 'search-r1' } });
  });
});
