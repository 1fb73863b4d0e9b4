import { useEffect, useState } from 'react';
import type { CurrentView } from '../../../store/view/current-view';

/**
 * What is on screen, but of a new update only after the frame that lists it: to lay out and paint both is too much for one
 * task. Another selection within the update counts at once.
 */
export function useAfterTheList(view: CurrentView | null): CurrentView | null {
  const [shown, setShown] = useState(view);
  const waits = view !== null && shown !== null && view.stored !== shown.stored;
  if (!waits && view !== shown) setShown(view);
  useEffect(() => {
    if (!waits) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The frame draws what was changed before it; a task after it belongs to the next one.
    const frame = requestAnimationFrame(() => (timer = setTimeout(() => setShown(view))));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [view, waits]);
  return waits ? shown : view;
}
