/** What is on screen: the row selected by hand, or the most telling one of the newest batch. */
import type { TrajectoryBatch } from '../trainer/protocol';
import type { BatchViews } from './batch-views';
import type { SideName, SideView, StepView, TrajectoryView } from './decode';
import { placeOf } from './stored-batch';
import type { StoredBatch } from './stored-batch';
import type { Studio } from './studio-state';

export interface CurrentView {
  /** A newer batch exists than the one that is held on screen. */
  behind: boolean;
  stored: StoredBatch;
  batch: TrajectoryBatch;
  views: BatchViews;
  group: number;
  trajectory: TrajectoryView;
  side: SideName;
  step: StepView;
  /** Chosen by hand rather than picked as the most telling one. */
  chosen: boolean;
}

export function sideOf(trajectory: TrajectoryView, side: SideName): SideView {
  return side === 'draft' ? trajectory.draft : trajectory.final;
}

/** The batch on screen: of the training, or of the pinned question that is shown. */
export function shownBatch({ store, batches, pins }: Studio): StoredBatch | null {
  const { shownPin, heldUpdate } = store.getState();
  if (shownPin === null) return batches.shown;
  return pins.at(shownPin, heldUpdate)?.stored ?? null;
}

/** null until the first batch (and the world that explains it) has arrived. */
export function currentView(studio: Studio): CurrentView | null {
  const { world, selection, heldUpdate } = studio.store.getState();
  const stored = shownBatch(studio);
  if (!stored || !world) return null;
  const views = studio.batches.viewsOf(stored, world);
  const trajectory = views.at(placeOf(stored, selection?.row ?? stored.tellingRow));
  const side: SideName = trajectory.cut === 0 ? 'final' : (selection?.side ?? 'final');
  const steps = sideOf(trajectory, side).steps;
  // Unless told otherwise, look at the first step that the cut replaced.
  const wanted = selection?.step ?? Math.max(1, trajectory.cut);
  const step = steps[Math.min(wanted, steps.length) - 1];
  if (!step) return null;
  return {
    behind: heldUpdate !== null && heldUpdate !== studio.batches.newest?.batch.update,
    stored,
    batch: stored.batch,
    views,
    group: trajectory.group,
    trajectory,
    side,
    step,
    chosen: selection !== null,
  };
}
