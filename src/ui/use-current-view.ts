import { useMemo } from 'react';
import { currentView } from '../store/current-view';
import type { CurrentView } from '../store/current-view';
import { useStudio, useStudioState } from './studio-context';

/** Decodes the group on screen anew when the batch, the world or the selection changes. */
export function useCurrentView(): CurrentView | null {
  const studio = useStudio();
  const batchVersion = useStudioState((state) => state.batchVersion);
  const selection = useStudioState((state) => state.selection);
  const world = useStudioState((state) => state.world);
  // The versions stand for what lives outside React.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => currentView(studio), [studio, batchVersion, selection, world]);
}
