/** One save of the live run: its state, and what is new of its history. Loaded with the first one. */
import { encodeCapsule } from '../../../recordings/capsule/capsule';
import { newestPart, recordRun, untilMeasured } from '../../run/record-run';
import type { CheckpointEvent } from '../../run/request-checkpoint';
import { announce } from '../../state/announce';
import type { Studio } from '../../state/studio-state';
import { lockedRuns, takeRunLock } from './run-lock';
import { deleteRun, listRuns, saveRun, storageError } from './saved-runs';

/** Of runs that nobody gave a name, the oldest beyond so many go. */
const MOST_RUNS = 30;

/** @param batches of each run, the last update whose trajectories were saved */
export async function saveNewest(
  studio: Studio,
  page: Window,
  event: CheckpointEvent,
  batches: Map<string, number>,
): Promise<void> {
  const { store } = studio;
  await untilMeasured(studio, event.update);
  const { runId, savedId, savedUpdate } = store.getState();
  const checkpoint = {
    update: event.update,
    weightsHash: event.weightsHash,
    bytes: new Uint8Array(event.bytes),
  };
  const recording = event.runId === runId ? recordRun(studio, checkpoint) : null;
  if (recording === null || event.update === savedUpdate) return;
  const id = savedId ?? page.crypto.randomUUID();
  // A run that went back to a snapshot is saved anew.
  const since = savedUpdate !== null && savedUpdate < event.update ? savedUpdate : -1;
  const { config, world, ownWorld } = recording;
  const run = { id, update: recording.update, config, worldTitle: world.title, factsHash: ownWorld?.hash ?? null };
  /** What is new since an update, after what is saved of the run; false where nothing is any more. */
  const keepSince = async (from: number): Promise<boolean> => {
    const batch = from < 0 ? -1 : (batches.get(id) ?? from);
    const part = newestPart(recording, { update: from, batch });
    const segment = { first: from + 1, last: recording.update, bytes: await encodeCapsule(part) };
    const saved = await saveRun(run, { ...checkpoint, ownWorld }, segment);
    if (saved) batches.set(id, part.batches.at(-1)?.batch.update ?? from);
    return saved;
  };
  try {
    const { locks } = page.navigator;
    if (savedId === null && !(await takeRunLock(locks, id))) return;
    if (!(await keepSince(since))) {
      await keepSince(-1);
      announce(
        studio,
        'The saved run was gone (deleted in another tab, or cleared): it is saved again, from its beginning',
      );
    }
    const now = store.getState();
    const isStill = now.runId === runId && now.savedId === savedId && now.update >= run.update;
    if (isStill) store.setState({ savedId: id, savedUpdate: run.update, saveProblem: null, toldSaveProblem: null });
    if (savedId === null) await forgetOldest(page);
  } catch (error) {
    const { message, hint } = storageError(error);
    // Told once: it will not be otherwise at the next update.
    if (store.getState().toldSaveProblem === message) return;
    store.setState({ saveProblem: { message, hint: hint ?? '' }, toldSaveProblem: message });
  }
}

async function forgetOldest(page: Window): Promise<void> {
  const open = await lockedRuns(page.navigator.locks);
  const old = (await listRuns()).slice(MOST_RUNS).filter(({ id, name }) => name === null && !open.has(id));
  for (const { id } of old) await deleteRun(id);
}
