import { useMemo } from 'react';
import { currentView } from '../store/view/current-view';
import type { CurrentView } from '../store/view/current-view';
import { useStudio, useStudioState } from './studio-context';

/** Looks again when the batch, the world, the selection or what is held changes. */
export function useCurrentView(): CurrentView | null {
  const studio = useStudio();
  const batch = useStudioState((state) => state.batchVersion);
  const pins = useStudioState((state) => state.pinsVersion);
  const selection = useStudioState((state) => state.selection);
  const world = useStudioState((state) => state.world);
  const held = useStudioState((state) => state.heldUpdate);
  const pin = useStudioState((state) => state.shownPin);
  const file = useStudioState((state) => state.rollouts.file);
  // The versions stand for what lives outside React.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => currentView(studio), [studio, batch, pins, selection, world, held, pin, file]);
}
