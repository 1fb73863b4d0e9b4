import { useMemo } from 'react';
import type { CurrentView } from '../../../store/view/current-view';
import { decodeTrajectory } from '../../../recordings/decode-trajectory';
import { useStudioState } from '../../studio-context';

/** What lies on the bench: the trajectory on screen, or a branch of it as a draft of its own; null until it lies there. */
export function useBench(view: CurrentView | null): CurrentView | null {
  const draft = useStudioState((state) => state.lab.draft);
  const root = useStudioState((state) => state.lab.root);
  const at = useStudioState((state) => state.lab.at);
  const world = useStudioState((state) => state.world);
  return useMemo(() => {
    if (!view || !draft || !world) return null;
    if (root?.rows[0] !== view.trajectory.row || root.batch.update !== view.batch.update) return null;
    if (at === null) return view;
    const trajectory = decodeTrajectory(draft.batch, world, 0, false, draft.rows[0]);
    const [step] = trajectory.draft.steps;
    return step ? { ...view, stored: draft, batch: draft.batch, engine: draft, trajectory, step } : null;
  }, [view, draft, root, at, world]);
}
