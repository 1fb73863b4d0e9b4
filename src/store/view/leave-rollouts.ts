import { EMPTY_LAB } from '../state/lab-state';
import { NO_ROLLOUTS } from '../state/rollouts-state';
import { WHOLE_LIST } from '../state/row-list';
import type { Studio } from '../state/studio-state';

/** Lets go of what lies beside the page. */
export function closeLines({ rollouts }: Pick<Studio, 'rollouts'>): void {
  for (const shelf of [rollouts.shelf, rollouts.other]) shelf?.file.lines.close();
}

/** The opened file, or the followed folder, makes way for the run, or for a recording. */
export function leaveRollouts({ store, batches, rollouts }: Studio): void {
  rollouts.stopFollowing?.();
  rollouts.stopFollowing = null;
  if (rollouts.shelf === null && store.getState().rollouts.following === null) return;
  closeLines({ rollouts });
  rollouts.shelf = null;
  rollouts.other = null;
  batches.release();
  store.setState((state) => ({
    ...{ selection: null, lab: EMPTY_LAB, list: WHOLE_LIST, heldUpdate: null, compared: [], picking: null },
    rollouts: { ...NO_ROLLOUTS, reading: state.rollouts.reading },
  }));
}
