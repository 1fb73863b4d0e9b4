/** An update at which playing ends by itself, and how long that takes. */
import { announce } from '../state/announce';
import { paceOf } from '../state/pace';
import type { Studio } from '../state/studio-state';

/** A target that is reached is told, and is none any more. */
export function endAtTarget(studio: Studio): void {
  const { target, update } = studio.store.getState();
  if (target === null || update < target) return;
  studio.store.setState({ target: null });
  announce(studio, `Update ${target} is reached`);
}

/** Seconds to the target, by the last updates as they were measured and the speed that is chosen; null where nothing is known. */
export function secondsLeft({ store, history }: Studio): number | null {
  const { target, update, pace } = store.getState();
  const measured = history.updatesPerMinute();
  if (target === null || measured === null) return null;
  const rate = Math.min(measured, paceOf(pace).updatesPerMinute ?? Infinity);
  return (60 * Math.max(0, target - update)) / rate;
}
