/** A world of the person's own: the text in the dialog, what the engine's checks say of it, and the way back from its run. */
import type { TrainerEvent } from '../../../trainer/protocol/protocol';
import { continueRecording, showRecording } from '../../run/show-recording';
import { startRun } from '../../run/start-run';
import { announce } from '../../state/announce';
import type { OwnWorldDialog, Studio, StudioState } from '../../state/studio-state';

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
