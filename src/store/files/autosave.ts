/** Saves the live run by itself: every so many updates (not more often than every five seconds), when it comes to rest, and when the tab is hidden. */
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { Pacer } from '../../lib/pacer';
import { encodeCapsule } from '../../recordings/capsule';
import { newestPart, recordRun, untilMeasured } from '../run/record-run';
import { lockedRuns, takeRunLock } from './run-lock';
import type { Studio } from '../state/studio-state';

/** Of runs that nobody gave a name, the oldest beyond so many go. */
const MOST_RUNS = 30;
/** At rest for so long, a run is saved: steps in a row are one save. */
const REST_MS = 2000;
/** A fast GPU makes its ten updates three times a second: to read the state back and write it so often serves nobody. */
const LEAST_MS = 5000;
export const SAVE_EVERY_KEY = 'cutpoint-save-every';
export const SAVE_EVERY_CHOICES = [1, 5, 10, 25, 100, 0] as const;
const SAVE_EVERY = 10;

const storage = () => import('./saved-runs');

type CheckpointEvent = Extract<TrainerEvent, { type: 'checkpoint' }>;

export function keepSaved(studio: Studio, page: Window): void {
  const { store, client } = studio;
  store.setState({ saveEvery: readSaveEvery(page) });
  let rest: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  const batches = new Map<string, number>();

  /** Asks the engine for its state, if there is anything new in it. */
  const ask = (): void => {
    const { update, savedUpdate, runState, saveEvery, recording } = store.getState();
    if (saveEvery === 0 || recording !== null || update === savedUpdate || update === 0) return;
    if (runState !== 'running' && runState !== 'paused' && runState !== 'evaluating') return;
    studio.quietCheckpoints += 1;
    client.send({ type: 'checkpoint' });
  };
  const pacer = new Pacer(ask, LEAST_MS);

  client.subscribe((event) => {
    const { saveEvery, runState } = store.getState();
    if (event.type === 'metrics' && saveEvery > 0 && event.update % saveEvery === 0) pacer.request();
    if (event.type === 'state') {
      clearTimeout(rest);
      if (runState === 'paused') rest = setTimeout(() => pacer.now(), REST_MS);
    }
    // One after the other: each has to know what the one before has saved.
    if (event.type === 'checkpoint' && saveEvery > 0 && event.update > 0) {
      saving = saving.then(() => save(studio, page, event, batches));
    }
  });
  page.document.addEventListener('visibilitychange', () => {
    if (page.document.visibilityState === 'hidden') pacer.now();
  });
  page.addEventListener('pagehide', () => pacer.now());
}

/** @param batches of each run, the last update whose trajectories were saved */
async function save(studio: Studio, page: Window, event: CheckpointEvent, batches: Map<string, number>): Promise<void> {
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
  const part = newestPart(recording, { update: since, batch: since < 0 ? -1 : (batches.get(id) ?? since) });
  try {
    const bytes = await encodeCapsule(part);
    const { saveRun } = await storage();
    const locks = page.navigator.locks;
    if (savedId === null && !(await takeRunLock(locks, id))) return;
    const { config, update, world } = part;
    const { ownWorld } = recording;
    const run = { id, update, config, worldTitle: world.title, factsHash: ownWorld?.hash ?? null };
    await saveRun(run, { ...checkpoint, ownWorld }, { first: since + 1, last: update, bytes });
    batches.set(id, part.batches.at(-1)?.batch.update ?? since);
    const now = store.getState();
    const isStill = now.runId === runId && now.savedId === savedId && now.update >= update;
    if (isStill) store.setState({ savedId: id, savedUpdate: update, saveProblem: null, toldSaveProblem: null });
    if (savedId === null) await forgetOldest(page);
  } catch (error) {
    const { message, hint } = (await storage()).storageError(error);
    // Told once: it will not be otherwise at the next update.
    if (store.getState().toldSaveProblem === message) return;
    store.setState({ saveProblem: { message, hint: hint ?? '' }, toldSaveProblem: message });
  }
}

async function forgetOldest(page: Window): Promise<void> {
  const { deleteRun, listRuns } = await storage();
  const open = await lockedRuns(page.navigator.locks);
  const old = (await listRuns()).slice(MOST_RUNS).filter(({ id, name }) => name === null && !open.has(id));
  for (const { id } of old) await deleteRun(id);
}

function readSaveEvery(page: Window): number {
  try {
    const text = page.localStorage.getItem(SAVE_EVERY_KEY);
    return SAVE_EVERY_CHOICES.find((choice) => String(choice) === text) ?? SAVE_EVERY;
  } catch {
    return SAVE_EVERY;
  }
}
