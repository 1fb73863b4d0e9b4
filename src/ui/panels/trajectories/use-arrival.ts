import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Longer than the list takes to draw an update, row by row, and to move in. */
const ARRIVAL_MS = 1000;

/**
 * Marks the list while another update arrives: it moves in then (trajectories.css), where it would only blink. Updates that come
 * faster than that do not each move: nobody could follow, and it is the page's time. Set on the element itself, since the mark is
 * all that changes.
 */
export function useArrival(list: RefObject<HTMLElement | null>, update: number): void {
  const known = useRef(update);
  useLayoutEffect(() => {
    const element = list.current;
    if (update === known.current || element === null) return;
    known.current = update;
    // One that is marked still is not marked anew, so its motion is not begun again.
    element.setAttribute('data-arriving', '');
    const timer = setTimeout(() => element.removeAttribute('data-arriving'), ARRIVAL_MS);
    return () => clearTimeout(timer);
  }, [list, update]);
}
