/** What a person can do with saved runs. */
import { announce } from '../../state/announce';
import { encodeCapsule } from '../../../recordings/capsule/capsule';
import { showGhost } from '../../run/ghost';
import { UserError } from '../../../lib/assert';
import { SAVE_EVERY_CHOICES, SAVE_EVERY_KEY } from './autosave';
import { reportProblem, reportRefusal } from '../../state/problems';
import { lockedRuns, takeRunLock } from './run-lock';
import { readSaved } from './saved-recording';
import { continueRecording, showRecording } from '../../run/show-recording';
import { leaveRollouts } from '../../view/leave-rollouts';
import type { Studio } from '../../state/studio-state';

const storage = () => import('./saved-runs');

export function toggleRuns(studio: Studio): void {
  studio.store.setState((state) => ({ runsOpen: !state.runsOpen, settingsOpen: false }));
  if (studio.store.getState().runsOpen) void refreshRuns(studio);
}

/** Runs `work` on the storage; what it refuses is told. */
async function tell(studio: Studio, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    reportRefusal(studio, (await storage()).storageError(error));
  }
}

export async function refreshRuns(studio: Studio): Promise<void> {
  await tell(studio, async () => studio.store.setState({ savedRuns: await (await storage()).listRuns() }));
}

/** Offers the newest run that no other tab has open. Says nothing where there is none, or no storage. */
export async function offerNewest(studio: Studio, page: Window): Promise<void> {
  try {
    const open = await lockedRuns(page.navigator.locks);
    const offer = (await (await storage()).listRuns()).find(({ id }) => !open.has(id)) ?? null;
    // Whoever has begun something else meanwhile is not interrupted.
    const { savedId, update } = studio.store.getState();
    if (savedId === null && (update === 0 || studio.store.getState().recording !== null))
      studio.store.setState({ offer });
  } catch {
    // A browser without storage has nothing to offer.
  }
}

export function dismissOffer({ store }: Studio): void {
  store.setState({ offer: null });
}

/** Goes on with a saved run exactly where it was; without WebGPU it is shown as a recording. */
export async function openSaved(studio: Studio, id: string, locks: LockManager | undefined): Promise<void> {
  await tell(studio, async () => {
    const { recording, title, damaged } = await readSaved(id);
    const usable = studio.store.getState().support.status === 'ok';
    if (usable && !(await takeRunLock(locks, id))) {
      throw new UserError(`“${title}” is open in another tab.`, 'Go on with it there, or close that tab first.');
    }
    leaveRollouts(studio);
    showRecording(studio, { recording, source: 'saved', title });
    const [checkpoint] = recording.checkpoints;
    if (usable && checkpoint) {
      continueRecording(studio, checkpoint);
      studio.store.setState({ savedId: id, savedUpdate: checkpoint.update });
    }
    studio.store.setState({ offer: null, runsOpen: false });
    if (damaged) {
      const message = `A part of the history of “${title}” is damaged and was left out.`;
      reportProblem(studio, { message, hint: 'Its weights are whole.', fatal: false });
    }
  });
}

export async function renameSaved(studio: Studio, id: string, name: string): Promise<void> {
  await tell(studio, async () => (await storage()).renameRun(id, name.trim().slice(0, 80)));
  await refreshRuns(studio);
}

export async function deleteSaved(studio: Studio, id: string, locks: LockManager | undefined): Promise<void> {
  const { savedId, offer } = studio.store.getState();
  await tell(studio, async () => {
    if (savedId !== id && (await lockedRuns(locks)).has(id)) {
      throw new UserError('This run is open in another tab.', 'Close that tab first, or delete it there.');
    }
    await (await storage()).deleteRun(id);
    // A run that goes on is saved again, as a new one.
    if (savedId === id) studio.store.setState({ savedId: null, savedUpdate: null });
    if (offer?.id === id) dismissOffer(studio);
  });
  await refreshRuns(studio);
}

/** A saved run as a capsule; null where it cannot be read, which is told. */
export async function packSaved(studio: Studio, id: string): Promise<Blob | null> {
  let file: Blob | null = null;
  await tell(studio, async () => {
    file = new Blob([await encodeCapsule((await readSaved(id)).recording)]);
  });
  return file;
}

/** Lays the curves of a saved run behind those on screen. */
export async function showSavedBehind(studio: Studio, id: string): Promise<void> {
  await tell(studio, async () => {
    const { recording, title } = await readSaved(id);
    const { config, metrics, batches, world } = recording;
    showGhost(studio, { title, config, metrics, trajectories: { batches, world } });
    announce(studio, `The curves of ${title} lie behind`);
  });
}

export function setSaveEvery({ store }: Studio, choice: number, page: Window): void {
  const saveEvery = SAVE_EVERY_CHOICES.find((one) => one === choice);
  if (saveEvery === undefined) return;
  store.setState({ saveEvery });
  try {
    page.localStorage.setItem(SAVE_EVERY_KEY, String(saveEvery));
  } catch {
    // Then it lasts as long as the page.
  }
}

export function dismissSaveProblem({ store }: Studio): void {
  store.setState({ saveProblem: null });
}
