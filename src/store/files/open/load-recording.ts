/** Recordings from capsules. */
import { decodeCapsule } from '../../../recordings/capsule/capsule';
import type { RecordedCheckpoint, Recording } from '../../../recordings/recording';
import { checkpointOf, continueRecording, showRecording } from '../../run/show-recording';
import { leaveRollouts } from '../../view/leave-rollouts';
import { reportProblem } from '../../state/problems';
import type { Studio, StudioState } from '../../state/studio-state';

/** Made by `npm run experiment` (docs/formats.md). */
const EXAMPLE = 'capsules/example.capsule';
/** Its state after the last update: fetched only when something is asked of its weights. */
const EXAMPLE_STATE = 'capsules/example.safetensors';

/** Puts the example on screen, by hand: the live run waits aside. */
export async function showExample(studio: Studio): Promise<void> {
  const recording = await loadExample(studio.baseUrl);
  if (recording !== null) {
    leaveRollouts(studio);
    showRecording(studio, { recording, source: 'example', title: 'Example' });
    studio.store.setState({ runsOpen: false });
    return;
  }
  reportNoExample(studio);
}

/** For whoever asked for the example, or has nothing else to look at. */
export function reportNoExample(studio: Studio): void {
  const hint = 'It is a file of this page: load the page again, or open a recording of your own.';
  reportProblem(studio, { message: 'The example could not be loaded.', hint, fatal: false });
}

/** The example that ships; null where it cannot be had: who needs it says so. */
export async function loadExample(baseUrl: string): Promise<Recording | null> {
  return fetched(new URL(EXAMPLE, baseUrl), async (blob) =>
    decodeCapsule(new Uint8Array(await blob.arrayBuffer()), 'The example'),
  );
}

/** What a service worker answers from its cache may break off in the middle on a busy machine; a second time it is whole. */
const TRIES = 2;

/** A file of the page; null where it is not there, or cannot be read each time. */
async function fetched<T>(url: URL, read: (file: Blob) => Promise<T>): Promise<T | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    try {
      const response = await fetch(url);
      return response.ok ? await read(await response.blob()) : null;
    } catch {
      // Once more.
    }
  }
  return null;
}

/** Whether the weights of the recording on screen can be had, and computed with. */
export function hasWeights(state: StudioState): boolean {
  const { recording, support } = state;
  if (recording === null || support.status !== 'ok') return false;
  return recording.source === 'example' || checkpointOf(state) !== null;
}

/** Goes on with the recorded run so that its weights can be asked; what is held and selected stays on screen. */
export async function loadItsWeights(studio: Studio): Promise<void> {
  const state = studio.store.getState();
  const { recording: shown, heldUpdate, selection } = state;
  if (shown === null) return;
  const checkpoint = checkpointOf(state) ?? (await loadExampleState(studio.baseUrl, shown.recording.update));
  if (checkpoint === null) {
    const hint = 'They are a file of this page: go online once, then press again.';
    reportProblem(studio, { message: 'The weights of the example could not be loaded.', hint, fatal: false });
    return;
  }
  if (studio.store.getState().recording?.recording !== shown.recording) return;
  continueRecording(studio, checkpoint);
  studio.store.setState({ heldUpdate, selection });
}

async function loadExampleState(baseUrl: string, update: number): Promise<RecordedCheckpoint | null> {
  return fetched(new URL(EXAMPLE_STATE, baseUrl), async (file) => {
    // The engine vets the bytes.
    return { update, weightsHash: '', bytes: new Uint8Array(await file.arrayBuffer()) };
  });
}
