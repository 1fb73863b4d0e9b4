/** What a person can do. Buttons and keys share one list (`ACTIONS`); the rest are functions of the studio. */
import type { RunConfig, SettingKey } from '../../config/schema';
import { validateConfig } from '../../config/validate';
import { announce } from '../state/announce';
import { stopReplay } from './replay';
import { sendPlay } from './send-play';
import { checkpointOf, closeRecording, continueRecording } from './show-recording';
import { startRun } from './start-run';
import { isStaged } from './status';
import type { Breakpoints, TrainedPart } from '../../trainer/protocol/protocol';
import { paceOf } from '../state/pace';
import type { PaceId } from '../state/pace';
import { needsRestart, withPreset, withSetting } from './config-draft';
import { runSoFar } from './ghost';
import { EMPTY_LAB } from '../state/lab-state';
import type { InitialChoice, Studio, StudioState, ViewName } from '../state/studio-state';
import type { RecordedMetrics } from '../../recordings/metric-history';
import type { OwnWorld } from '../../recordings/recording';
import type { PresetId } from '../../config/schema';

export { startFrom, startRun } from './start-run';

export interface Action {
  name: 'Play' | 'Pause' | 'Step' | 'Reset' | 'Copy link';
  /** Key as in KeyboardEvent.key, and how it is written on the button's tooltip. */
  key: string | null;
  help: string;
  enabled: (state: StudioState) => boolean;
  perform: (studio: Studio) => void;
}

function engineReady(state: StudioState): boolean {
  return state.runState === 'paused' || state.runState === 'running' || state.runState === 'evaluating';
}

/** At work on something that Play has to wait for. */
function isBusy({ runState }: StudioState): boolean {
  return runState === 'loading' || runState === 'warmStart' || runState === 'evaluating';
}

/** Nothing that a person asked for is going on: the first evaluation runs by itself and gives way. */
function isIdle({ runState, playing }: StudioState): boolean {
  return runState === 'paused' || (runState === 'evaluating' && !playing);
}

/** The example gives way to the live run; any other recorded run goes on itself, where it has a checkpoint. */
export function goOn(studio: Studio): void {
  const state = studio.store.getState();
  const checkpoint = checkpointOf(state);
  if (state.recording?.source === 'example' || checkpoint === null) closeRecording(studio);
  else continueRecording(studio, checkpoint);
}

/** Reset takes a run off the screen: where it can still be found. */
function resetNote(lastRun: RecordedMetrics | null, savedUpdate: number | null): string {
  const kept = [
    ...(lastRun === null ? [] : ['as curves that the charts can show behind']),
    ...(savedUpdate === null ? [] : [`saved at update ${savedUpdate}, in File, Runs`]),
  ];
  const first = 'Reset to the first weights';
  return kept.length === 0 ? first : `${first}. The run before is kept ${kept.join(', and ')}`;
}

export const PLAY: Action = {
  name: 'Play',
  key: ' ',
  help: 'Train until paused (space)',
  enabled: (state) => isIdle(state) || (isBusy(state) && !state.playWanted && !state.playing),
  perform: (studio) => {
    goOn(studio);
    if (isIdle(studio.store.getState())) sendPlay(studio);
    else studio.store.setState({ playWanted: true });
  },
};

export const PAUSE: Action = {
  name: 'Pause',
  key: ' ',
  help: 'Stop after what the GPU is doing now (space)',
  enabled: (state) => state.runState === 'running' || state.playWanted || (isBusy(state) && state.playing),
  perform: ({ store, client }) => {
    const { playWanted } = store.getState();
    store.setState({ playWanted: false, playing: false });
    if (!playWanted) client.send({ type: 'pause' });
  },
};

export const STEP: Action = {
  name: 'Step',
  key: '.',
  help: 'One update (.)',
  enabled: isIdle,
  perform: (studio) => {
    const { store, client } = studio;
    goOn(studio);
    client.send({ type: 'step', train: store.getState().stepTrains });
  },
};

export const RESET: Action = {
  name: 'Reset',
  key: null,
  help: 'Back to the first weights and the same random numbers',
  enabled: (state) => engineReady(state) || state.runState === 'failed',
  perform: (studio) => {
    closeRecording(studio);
    stopReplay(studio);
    const { store, client, history, batches, pins } = studio;
    const { runState, config, initial, firstUpdate: update } = store.getState();
    // A dead engine cannot go back by itself: it is started anew.
    if (runState === 'failed') {
      startRun(studio, config, initial);
      return;
    }
    const lastRun = runSoFar(studio);
    history.clear();
    batches.clear();
    pins.forget();
    store.setState((state) => ({
      lastRun,
      update,
      phase: null,
      selection: null,
      heldUpdate: null,
      lab: EMPTY_LAB,
      breakReason: null,
      target: null,
      // What the first weights can do stays true.
      evaluations: state.evaluations.filter((result) => result.update === update),
      marks: [{ kind: 'reset', update }],
      resetPending: true,
      // What was saved stays; from here on it is another run.
      savedId: null,
      savedUpdate: null,
      metricsVersion: state.metricsVersion + 1,
      batchVersion: state.batchVersion + 1,
      pinsVersion: state.pinsVersion + 1,
      announcement: resetNote(lastRun, state.savedUpdate),
    }));
    client.send({ type: 'reset' });
  },
};

/** The edited settings can be taken over by the run that is there. */
export function appliesLive(state: StudioState): boolean {
  if (!engineReady(state) || needsRestart(state.config, state.draft)) return false;
  return state.draftInitial === state.initial && state.draftOwnWorld === state.ownWorld;
}

export function setPace(studio: Studio, pace: PaceId): void {
  const { store, client } = studio;
  store.setState({ pace });
  if (!isStaged(store.getState())) stopReplay(studio);
  client.send({ type: 'pace', updatesPerMinute: paceOf(pace).updatesPerMinute });
}

export function setStepTrains({ store }: Studio, stepTrains: TrainedPart): void {
  store.setState({ stepTrains });
}

/** Space plays or pauses, whichever is possible. */
export function togglePlay(studio: Studio): void {
  const state = studio.store.getState();
  if (PAUSE.enabled(state)) PAUSE.perform(studio);
  else if (PLAY.enabled(state)) PLAY.perform(studio);
}

export function setBreakpoints({ store, client }: Studio, breakpoints: Breakpoints): void {
  store.setState({ breakpoints });
  client.send({ type: 'breakpoints', breakpoints });
}

export function setView({ store }: Studio, view: ViewName): void {
  store.setState({ view });
}

export function toggleSettings({ store }: Studio): void {
  store.setState((state) => ({ settingsOpen: !state.settingsOpen, runsOpen: false }));
}

export function editSetting({ store }: Studio, key: SettingKey, value: unknown): void {
  store.setState((state) => ({ draft: withSetting(state.draft, key, value) }));
}

export function editPreset({ store }: Studio, preset: PresetId): void {
  store.setState((state) => ({ draft: withPreset(state.draft, preset) }));
}

export function editInitial({ store }: Studio, draftInitial: InitialChoice): void {
  store.setState({ draftInitial });
}

export function editOwnWorldChoice({ store }: Studio, draftOwnWorld: OwnWorld | null): void {
  store.setState({ draftOwnWorld });
}

export function discardDraft({ store }: Studio): void {
  store.setState((state) => ({ draft: state.config, draftInitial: state.initial, draftOwnWorld: state.ownWorld }));
}

export function applyDraft(studio: Studio): void {
  const { draft, draftInitial, draftOwnWorld } = studio.store.getState();
  // Each value is in range already; what is left are rules between settings.
  const { config, notes } = validateConfig(draft);
  closeRecording(studio);
  studio.store.setState({ notes, settingsOpen: false });
  if (appliesLive(studio.store.getState())) {
    studio.store.setState({ draft: config });
    studio.client.send({ type: 'configure', config });
    announce(studio, 'Applied from the next update on');
  } else startRun(studio, config, draftInitial, draftOwnWorld);
}

/** Opens its dialog, which brings the code that runs it. */
export function openDoctor({ store }: Studio): void {
  store.setState(({ doctor }) => ({ doctor: doctor ?? { text: '', status: 'stopped', note: null } }));
}

/** In place of a run that this machine may not be able to do; what that has done so far lies behind the charts, and in Runs. */
export function startSmaller(studio: Studio, config: RunConfig): void {
  startRun(studio, config, studio.store.getState().initial);
}

export function dismissProblem({ store }: Studio, id: number): void {
  store.setState((state) => ({ problems: state.problems.filter((problem) => problem.id !== id) }));
}

export function dismissNotes({ store }: Studio): void {
  store.setState({ notes: [] });
}

export function dismissNewVersion({ store }: Studio): void {
  store.setState({ newVersion: null });
}
