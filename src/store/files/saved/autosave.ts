/** Saves the live run by itself: every so many updates (not more often than every five seconds), when it comes to rest, and when the tab is hidden. */
import { Pacer } from '../../../lib/pacer';
import type { Studio } from '../../state/studio-state';

/** At rest for so long, a run is saved: steps in a row are one save. */
const REST_MS = 2000;
/** A fast GPU makes its ten updates three times a second: to read the state back and write it so often serves nobody. */
const LEAST_MS = 5000;
export const SAVE_EVERY_KEY = 'cutpoint-save-every';
export const SAVE_EVERY_CHOICES = [1, 5, 10, 25, 100, 0] as const;
const SAVE_EVERY = 10;
/** Said without what saves: it is that which is missing. */
const NOT_LOADED = {
  message: 'The run could not be saved.',
  hint: 'Is this machine online? The next save tries again.',
};

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
      saving = saving
        .then(async () => (await import('./save-run')).saveNewest(studio, page, event, batches))
        .catch(() => store.setState({ saveProblem: NOT_LOADED }));
    }
  });
  page.document.addEventListener('visibilitychange', () => {
    if (page.document.visibilityState === 'hidden') pacer.now();
  });
  page.addEventListener('pagehide', () => pacer.now());
}

function readSaveEvery(page: Window): number {
  try {
    const text = page.localStorage.getItem(SAVE_EVERY_KEY);
    return SAVE_EVERY_CHOICES.find((choice) => String(choice) === text) ?? SAVE_EVERY;
  } catch {
    return SAVE_EVERY;
  }
}
