import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

/** Longer than the list takes to draw an update, row by row, and each row to move in. */
const ARRIVAL_MS = 1000;

/**
 * Marks the list while another update arrives: its rows move in then (trajectories.css), where they would only blink. Rows that
 * come by scrolling do not. Set on the element itself, since the mark is all that changes when it is over.
 *
 * @returns which of two motions in turn is that of the update's rows: a change of name begins a motion anew
 */
export function useArrival(list: RefObject<HTMLElement | null>, update: number): 0 | 1 {
  const [known, setKnown] = useState<{ update: number; turn: 0 | 1; first: boolean }>({ update, turn: 0, first: true });
  if (known.update !== update) setKnown({ update, turn: known.turn === 0 ? 1 : 0, first: false });
  const { turn, first } = known;
  useLayoutEffect(() => {
    const element = list.current;
    if (first || element === null) return;
    element.setAttribute('data-arriving', String(turn));
    const timer = setTimeout(() => element.removeAttribute('data-arriving'), ARRIVAL_MS);
    return () => clearTimeout(timer);
  }, [list, turn, first]);
  return turn;
}
