/** From the dialog with a world of the person's own to a run on it. Loaded with the dialog. */
import { recordRun, untilMeasured } from '../../run/record-run';
import { requestCheckpoint } from '../../run/request-checkpoint';
import { startRun } from '../../run/start-run';
import { announce } from '../../state/announce';
import type { OwnWorldDialog, ShownRecording, Studio } from '../../state/studio-state';

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
