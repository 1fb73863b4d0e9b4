/** What is on screen: the row selected by hand, or the most telling one of the newest batch. */
import type { SideName, SideView, StepView, TrajectoryView } from '../../recordings/decode-trajectory';
import { engineBatch } from '../../recordings/stored-batch';
import type { RowViews, ShownRows } from '../../recordings/shown-rows';
import type { RowNumbers } from '../../recordings/row-numbers';
import { placeOf } from '../../recordings/stored-batch';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Studio } from '../state/studio-state';

export interface CurrentView {
  /** A newer batch exists than the one that is held on screen. */
  behind: boolean;
  stored: ShownRows;
  batch: RowNumbers;
  /** The same rows where the engine sampled them, null where a file gave them. */
  engine: StoredBatch | null;
  views: RowViews;
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

/** The rows on screen: of an opened file, of the pinned question that is shown, or of the training. */
export function shownRows({ store, batches, pins, rollouts }: Studio): ShownRows | null {
  const { shownPin, heldUpdate } = store.getState();
  if (rollouts.shelf !== null) return rollouts.shelf.shown;
  if (shownPin === null) return batches.shown;
  return pins.at(shownPin, heldUpdate)?.stored ?? null;
}

/** null until the first batch (and the world that explains it) has arrived. */
export function currentView(studio: Studio): CurrentView | null {
  const { world, selection, heldUpdate } = studio.store.getState();
  const stored = shownRows(studio);
  if (!stored) return null;
  const engine = engineBatch(stored);
  const views = engine === null ? studio.rollouts.shelf?.views : world && studio.batches.viewsOf(engine, world);
  if (!views) return null;
  const trajectory = views.at(placeOf(stored, selection?.row ?? stored.tellingRow));
  const side: SideName = trajectory.cut === 0 ? 'final' : (selection?.side ?? 'final');
  const steps = sideOf(trajectory, side).steps;
  // Unless told otherwise, look at the first step that the cut replaced.
  const wanted = selection?.step ?? Math.max(1, trajectory.cut);
  const step = steps[Math.min(wanted, steps.length) - 1];
  if (!step) return null;
  return {
    behind: engine !== null && heldUpdate !== null && heldUpdate !== studio.batches.newest?.batch.update,
    stored,
    batch: stored.batch,
    engine,
    views,
    group: trajectory.group,
    trajectory,
    side,
    step,
    chosen: selection !== null,
  };
}
