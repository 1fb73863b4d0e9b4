/**
 * A recording on screen: it fills the same store in the same way as the engine's events, the live run waits aside, and
 * nothing of one is ever mixed with the other.
 */
import { EMPTY_LAB } from '../state/lab-state';
import { recordingUntil } from '../../recordings/recording';
import type { RecordedCheckpoint, Recording } from '../../recordings/recording';
import { stopReplay } from './replay';
import { WHOLE_LIST } from '../state/row-list';
import { startFrom } from './start-run';
import type { Picture, ShownRecording, Studio, StudioState } from '../state/studio-state';
import { addBatch, addMetrics } from './add-update';

/** From one update to the next while a recording plays. */
const PLAY_MS = 500;
/** To the second one, from when the first is drawn: whoever opens the page should see at once that something happens. */
const FIRST_MS = 50;
const timers = new WeakMap<Studio, ReturnType<typeof setTimeout>>();

/** Shows a recording up to `playedTo`, which is all of it unless told otherwise. The live run pauses and waits aside. */
export function showRecording(
  studio: Studio,
  {
    recording,
    source,
    title,
    playedTo = recording.update,
    playing = false,
  }: Omit<ShownRecording, 'playedTo' | 'playing'> & Partial<ShownRecording>,
): void {
  const { store, client, aside } = studio;
  stopReplay(studio);
  clearTimeout(timers.get(studio));
  const state = store.getState();
  if (state.playing || state.playWanted) client.send({ type: 'pause' });
  if (aside.picture === null) {
    aside.park(pictureOf(state));
    swap(studio);
  }
  store.setState({ recording: { recording, source, title, playedTo, playing }, playWanted: false, playing: false });
  draw(studio, recordingUntil(recording, playedTo));
  if (playing) scheduleFirst(studio);
}

/** Back to the live run, as it was left and with what the engine has said since. */
export function closeRecording(studio: Studio): void {
  const { store, aside } = studio;
  const { picture } = aside;
  if (store.getState().recording === null || picture === null) return;
  clearTimeout(timers.get(studio));
  swap(studio);
  const waiting = aside.takeWaiting();
  aside.clear();
  store.setState((state) => ({ ...picture, ...versions(state), recording: null, inspection: null }));
  for (const event of waiting) studio.receive(event);
}

/** It plays until there is something of one's own to look at. */
export function closeExample(studio: Studio): void {
  if (studio.store.getState().recording?.source === 'example') closeRecording(studio);
}

/** Goes on with the recorded run itself, exactly, from a checkpoint of it. */
export function continueRecording(studio: Studio, checkpoint: RecordedCheckpoint): void {
  const shown = studio.store.getState().recording;
  if (shown === null) return;
  clearTimeout(timers.get(studio));
  const { recording, title } = shown;
  const { config, ownWorld } = recording;
  const { update } = checkpoint;
  const bytes = checkpoint.bytes.slice().buffer;
  startFrom(studio, { kind: 'checkpoint', name: title, bytes, config, update, ownWorld });
  draw(studio, recordingUntil(recording, update));
  const { adapter } = recording;
  if (adapter !== '') void import('./other-adapter').then(({ sayOtherAdapter }) => sayOtherAdapter(studio, adapter));
}

/** Where Play goes on: at the update on screen where it has a checkpoint, else at the last one; null where there is none. */
export function checkpointOf({ recording, heldUpdate }: StudioState): RecordedCheckpoint | null {
  const all = recording?.recording.checkpoints ?? [];
  return all.find(({ update }) => update === heldUpdate) ?? all.at(-1) ?? null;
}

export function playRecording(studio: Studio): void {
  const { recording: shown } = studio.store.getState();
  if (shown === null) return;
  const again = shown.playedTo >= shown.recording.update;
  showRecording(studio, { ...shown, playedTo: again ? firstUpdate(shown.recording) : shown.playedTo, playing: true });
}

export function pauseRecording(studio: Studio): void {
  clearTimeout(timers.get(studio));
  change(studio, { playing: false });
}

/** All of it at once. */
export function finishRecording(studio: Studio): void {
  const { recording: shown } = studio.store.getState();
  if (shown !== null) showRecording(studio, { ...shown, playedTo: shown.recording.update, playing: false });
}

/** The first update that it has anything of. */
export function firstUpdate({ metrics, update }: Recording): number {
  return metrics[0]?.update ?? update;
}

function change({ store }: Studio, part: Partial<ShownRecording>): void {
  store.setState(({ recording }) => ({ recording: recording === null ? null : { ...recording, ...part } }));
}

function schedule(studio: Studio, ms = PLAY_MS): void {
  timers.set(
    studio,
    setTimeout(() => playOn(studio), ms),
  );
}

/** A page in the background draws nothing, and plays nothing either. */
function scheduleFirst(studio: Studio): void {
  const shown = studio.store.getState().recording;
  requestAnimationFrame(() => {
    if (studio.store.getState().recording === shown) schedule(studio, FIRST_MS);
  });
}

/** One update more. */
function playOn(studio: Studio): void {
  const shown = studio.store.getState().recording;
  if (shown?.playing !== true) return;
  const { recording } = shown;
  const update = shown.playedTo + 1;
  const playing = update < recording.update;
  change(studio, { playedTo: Math.min(update, recording.update), playing });
  const row = recording.metrics.find((one) => one.update === update);
  if (row) addMetrics(studio, row);
  const stored = recording.batches.find(({ batch }) => batch.update === update);
  if (stored) addBatch(studio, stored);
  const { evaluations, marks } = recordingUntil(recording, update);
  studio.store.setState({ update, evaluations: [...evaluations], marks: [...marks] });
  if (playing) schedule(studio);
}

/** Puts what a recording holds in place of what is on screen. */
function draw(studio: Studio, { world, update, evaluations, marks, metrics, batches }: Recording): void {
  const { store, history, batches: archive, pins } = studio;
  history.clear();
  archive.clear();
  pins.clear();
  store.setState({
    world,
    evaluations: [...evaluations],
    marks: [...marks],
    selection: null,
    heldUpdate: null,
    shownPin: null,
    lab: EMPTY_LAB,
    list: WHOLE_LIST,
    inspection: null,
    breakReason: null,
  });
  for (const row of metrics) history.push(row);
  for (const stored of batches) archive.addStored(stored);
  store.setState((state) => ({ update, ...versions(state) }));
}

function versions({ metricsVersion, batchVersion, pinsVersion }: StudioState): Partial<StudioState> {
  return { metricsVersion: metricsVersion + 1, batchVersion: batchVersion + 1, pinsVersion: pinsVersion + 1 };
}

function swap({ history, batches, pins, aside }: Studio): void {
  history.swap(aside.history);
  batches.swap(aside.batches);
  pins.swap(aside.pins);
}

function pictureOf({
  world,
  update,
  evaluations,
  marks,
  selection,
  heldUpdate,
  shownPin,
  lab,
  list,
}: StudioState): Picture {
  return { world, update, evaluations, marks, selection, heldUpdate, shownPin, lab, list };
}
