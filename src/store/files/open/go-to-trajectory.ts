import type { TrajectoryRef } from '../../state/compared';
import type { Studio } from '../../state/studio-state';
import { closeCompared, firstListed } from '../../view/compare-actions';
import { clearList, goToUpdate, select, showPin } from '../../view/view-actions';
import { chooseRolloutStep } from './open-rollouts';

/** Shows a trajectory of the file on screen or of the run in its list. One of a second file is shown beside others alone. */
export function goToTrajectory(studio: Studio, ref: TrajectoryRef): void {
  if (ref.file === 'other') return;
  closeCompared(studio);
  const selection = { side: 'final', step: 1 } as const;
  if (ref.file === 'run') {
    goToUpdate(studio, ref.update);
    if (studio.store.getState().shownPin !== ref.pin) showPin(studio, ref.pin);
    select(studio, { ...selection, row: ref.row });
    return;
  }
  const { file } = studio.store.getState().rollouts;
  const range = file?.steps.find(({ from, to }) => ref.row >= from && ref.row < to);
  if (file && range && file.step !== null && file.step !== range.step) chooseRolloutStep(studio, range.step);
  clearList(studio);
  select(studio, { ...selection, row: ref.row - firstListed(studio) });
}
