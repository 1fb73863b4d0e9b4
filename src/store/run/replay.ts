/** Slow motion and present mode: a trajectory is shown moment by moment, by the clock or by hand. */
import type { StageMoment } from '../../recordings/stage/stage-moments';
import type { Studio } from '../state/studio-state';

/** To read a sentence. The last moment stays. */
export const MOMENT_MS = 2000;

const timers = new WeakMap<Studio, ReturnType<typeof setTimeout>>();

/** Shows one of the moments and, unless the stage is held, those after it by the clock. */
export function showMoment(studio: Studio, moments: readonly StageMoment[], at: number): void {
  clearTimeout(timers.get(studio));
  const replay = moments[at];
  if (!replay) return;
  studio.store.setState({ replay });
  if (studio.store.getState().stageHeld || at === moments.length - 1) return;
  timers.set(
    studio,
    setTimeout(() => showMoment(studio, moments, at + 1), MOMENT_MS),
  );
}

/** Shows everything at once. */
export function stopReplay(studio: Studio): void {
  clearTimeout(timers.get(studio));
  if (studio.store.getState().replay !== null) studio.store.setState({ replay: null });
}
