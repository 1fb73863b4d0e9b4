/** What is on screen: the group and row selected by hand, or the most telling row of the newest batch. */
import type { TrajectoryBatch } from '../trainer/protocol';
import { decodeGroup } from './decode';
import type { SideName, SideView, StepView, TrajectoryView } from './decode';
import type { Studio } from './studio-state';

export interface CurrentView {
  /** Newer batches exist than the one that is held on screen. */
  behind: boolean;
  batch: TrajectoryBatch;
  group: number;
  /** Rows of the group, best reward first. */
  rows: TrajectoryView[];
  trajectory: TrajectoryView;
  side: SideName;
  step: StepView;
  /** Chosen by hand rather than picked as the most telling one. */
  pinned: boolean;
}

export function sideOf(trajectory: TrajectoryView, side: SideName): SideView {
  return side === 'draft' ? trajectory.draft : trajectory.final;
}

/** null until the first batch (and the world that explains it) has arrived. */
export function currentView({ store, batches }: Studio): CurrentView | null {
  const { world, config, selection } = store.getState();
  const { shown } = batches;
  if (!shown || !world) return null;
  const { batch } = shown;
  const lastRow = batch.prompts * batch.groupSize - 1;
  const row = Math.min(selection?.row ?? shown.tellingRow, lastRow);
  const group = Math.floor(row / batch.groupSize);
  const rows = decodeGroup(batch, world, group, config.refiner !== 'none');
  const trajectory = rows.find((view) => view.row === row);
  if (!trajectory) return null;
  const side: SideName = trajectory.cut === 0 ? 'final' : (selection?.side ?? 'final');
  const steps = sideOf(trajectory, side).steps;
  // Unless told otherwise, look at the first step that the cut replaced.
  const wanted = selection?.step ?? Math.max(1, trajectory.cut);
  const step = steps[Math.min(wanted, steps.length) - 1];
  if (!step) return null;
  return { behind: batches.isBehind, batch, group, rows, trajectory, side, step, pinned: selection !== null };
}
