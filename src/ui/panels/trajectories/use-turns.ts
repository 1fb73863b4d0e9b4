/** Draws a new update of the list over several frames: in one, its layout and paint would be a task of 30 ms and more. */
import { useEffect, useEffectEvent, useState } from 'react';
import type { ShownRows } from '../../../recordings/shown-rows';

/** A row with its branch takes some 4 ms on a slow machine. */
const ITEMS_PER_FRAME = 3;

/** The items that will be in sight, first to last. */
export interface Sight {
  first: number;
  last: number;
  /** Whether the list has to scroll there. */
  scrolls: boolean;
}

export interface Turns {
  /** Items to draw beside those in sight: the list scrolls to them once they are there. */
  ahead: Sight | null;
  /** Whether an item shows the update rather than what it showed before. */
  due: (index: number) => boolean;
}

interface Turn {
  stored: ShownRows;
  sight: Sight | null;
  /** Items of the sight that show the update. */
  count: number;
}

/**
 * A few items more show the update with each frame; then the list scrolls to them, where it must, and the rest follows. The
 * first update is drawn whole, and so is one that comes before the last was through: there a frame takes too long for this.
 *
 * @param sightOf what will be in sight of the update
 * @param scroll brings it there
 */
export function useTurns(stored: ShownRows, sightOf: () => Sight, scroll: () => void): Turns {
  const [known, setTurn] = useState<Turn>({ stored, sight: null, count: Infinity });
  const isNew = known.stored !== stored;
  const late = isNew && known.count !== Infinity;
  const turn = isNew ? { stored, sight: null, count: late ? Infinity : 0 } : known;
  const next = useEffectEvent((): Turn => ({
    stored,
    sight: turn.sight ?? sightOf(),
    count: turn.count + ITEMS_PER_FRAME,
  }));
  const arrive = useEffectEvent(() => {
    const sight = turn.sight ?? sightOf();
    if (sight.scrolls) scroll();
  });
  const { sight, count } = turn;
  const isDrawn = count === Infinity || (sight !== null && count > sight.last - sight.first);
  const isThrough = !isNew && count === Infinity;
  useEffect(() => {
    if (isThrough) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = requestAnimationFrame(() => {
      if (isDrawn) {
        arrive();
        // What leaves the sight by that need not be drawn again.
        frame = requestAnimationFrame(() => setTurn({ stored, sight: null, count: Infinity }));
      } else {
        // In a task of its own: this frame is drawn first.
        timer = setTimeout(() => setTurn(next()));
      }
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [stored, count, isDrawn, isThrough]);
  return {
    ahead: sight,
    due: (index) => count === Infinity || (sight !== null && index >= sight.first && index < sight.first + count),
  };
}
