/** A world of the person's own: from text in the dialog, through the engine's checks, to a run on it. */
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { recordRun, untilMeasured } from '../run/record-run';
import { requestCheckpoint } from '../run/request-checkpoint';
import { continueRecording, showRecording } from '../run/show-recording';
import { startRun } from '../run/start-run';
import { announce } from '../state/announce';
import type { OwnWorldDialog, ShownRecording, Studio, StudioState } from '../state/studio-state';

let asked = 0;

/** A number for a question to the engine about facts, used once. */
export function nextAsked(): number {
  asked += 1;
  return asked;
}

function change({ store }: Studio, part: Partial<OwnWorldDialog>): void {
  store.setState(({ ownWorldDialog: dialog }) => (dialog === null ? {} : { ownWorldDialog: { ...dialog, ...part } }));
}

/** @param wanted what a link asks for, where one does */
export function openOwnWorldDialog({ store }: Studio, wanted: OwnWorldDialog['wanted'] = null): void {
  const { ownWorld, ownWorldDialog } = store.getState();
  if (ownWorldDialog !== null) return;
  const file = { name: wanted?.name ?? ownWorld?.name ?? 'my world', text: wanted ? '' : (ownWorld?.text ?? '') };
  store.setState({ ownWorldDialog: { wanted, file, reading: null, asked: 0, encoding: null } });
}

/** Without the facts that a link asks for, its run takes place on the built-in world. */
export function closeOwnWorldDialog(studio: Studio): void {
  const { ownWorldDialog: dialog, runId, config, support, notes } = studio.store.getState();
  if (dialog === null) return;
  studio.store.setState({ ownWorldDialog: null });
  if (dialog.wanted === null || runId > 0 || support.status !== 'ok') return;
  const note = `The link is of a run on “${dialog.wanted.name}”, whose facts are not here: ${config.world} is shown instead.`;
  studio.store.setState({ notes: [...notes, note] });
  startRun(studio, config, 'shipped', null);
}

/** Puts text into the dialog and asks the engine what it is worth. */
export function editOwnWorld(
  studio: Studio,
  { encoding = null, ...edit }: { name?: string; text?: string; encoding?: string | null },
): void {
  const dialog = studio.store.getState().ownWorldDialog;
  if (dialog === null) return;
  const file = { ...dialog.file, ...edit };
  const id = nextAsked();
  change(studio, { file, reading: null, asked: id, encoding: edit.text === undefined ? dialog.encoding : encoding });
  if (file.text.trim() !== '') studio.client.send({ type: 'readTriples', id, triples: file });
}

export function applyTriplesRead(studio: Studio, event: Extract<TrainerEvent, { type: 'triplesRead' }>): void {
  const { reading } = event;
  if (studio.store.getState().ownWorldDialog?.asked !== event.id) return;
  // The part that was asked for takes the place of the whole.
  change(studio, { reading, ...(reading.part && { file: reading.part, encoding: null }) });
}

/** Why the world in the dialog cannot be trained on, null if it can. */
export function ownWorldRefusal({ file, reading, wanted }: OwnWorldDialog): string | null {
  if (file.text.trim() === '') return 'Paste facts, or choose a file.';
  if (file.name.trim() === '') return 'Give the world a name.';
  if (reading === null) return 'Reading ...';
  if (reading.tooLarge !== undefined) return 'Take a part of it first.';
  if (reading.world === null) return 'Mend the lines above first.';
  if (wanted !== null && wanted.hash !== reading.world.hash) {
    return `These are other facts than the link was made with (${reading.world.hash} instead of ${wanted.hash}).`;
  }
  return null;
}

/** Warm start and training on the world in the dialog; the page as it was is kept until it is ready. */
export async function startOwnWorld(studio: Studio): Promise<void> {
  const {
    ownWorldDialog: dialog,
    config,
    initial,
    ownWorld,
    savedId,
    savedUpdate,
    recording,
  } = studio.store.getState();
  const world = dialog?.reading?.world ?? null;
  if (dialog === null || world === null || dialog.file.name.trim() === '') return;
  const name = dialog.file.name.trim();
  studio.store.setState({ settingsOpen: false, ownWorldDialog: null });
  const isLive = hasLearnt(studio);
  const shown = isLive ? await liveRun(studio) : recording;
  startRun(studio, config, 'shipped', { name, text: dialog.file.text, hash: world.hash });
  const { runId } = studio.store.getState();
  const { examples } = world;
  studio.store.setState({
    pageBefore: { runId, examples, config, initial, ownWorld, shown, isLive, savedId, savedUpdate },
  });
  announce(studio, `Training on “${name}” begins with a warm start`);
}

function hasLearnt({ store }: Studio): boolean {
  const { recording, update, firstUpdate, runState } = store.getState();
  const isThere = runState === 'paused' || runState === 'running' || runState === 'evaluating';
  return recording === null && isThere && update > firstUpdate;
}

/** The live run with a checkpoint of this moment; null where the engine fails meanwhile. */
async function liveRun(studio: Studio): Promise<ShownRecording | null> {
  try {
    const { bytes, update, weightsHash } = await requestCheckpoint(studio);
    await untilMeasured(studio, update);
    const recording = recordRun(studio, { update, weightsHash, bytes: new Uint8Array(bytes) });
    return recording && { recording, source: 'file', title: 'The run before', playedTo: update, playing: false };
  } catch {
    return null;
  }
}

/** Whether the run on one's own facts is still getting ready, so that nothing of it would be lost. */
export function canCancelOwnWorld({ pageBefore, runId, runState }: StudioState): boolean {
  return pageBefore?.runId === runId && (runState === 'loading' || runState === 'warmStart');
}

/** Ends the warm start; the page is as it was before. */
export function cancelOwnWorld(studio: Studio): void {
  const state = studio.store.getState();
  const { pageBefore: before } = state;
  if (before === null || !canCancelOwnWorld(state)) return;
  studio.store.setState({ pageBefore: null });
  const { config, initial, ownWorld, shown, isLive, savedId, savedUpdate } = before;
  const [checkpoint] = isLive ? (shown?.recording.checkpoints ?? []) : [];
  if (shown !== null && checkpoint !== undefined) {
    showRecording(studio, shown);
    continueRecording(studio, checkpoint);
    // It goes on being saved as the run that it was.
    studio.store.setState({ savedId, savedUpdate });
  } else {
    startRun(studio, config, initial, ownWorld);
    if (shown !== null) showRecording(studio, shown);
  }
  announce(studio, 'The warm start was cancelled');
}
