import { useEffect, useState } from 'react';
import { Pacer } from '../../../lib/pacer';
import { heroOf } from '../../../store/view/hero';
import type { Hero } from '../../../store/view/hero';
import { useStudio } from '../../studio-context';

/** So long a story stays: it takes that to read one. */
const HERO_MS = 6000;

/** Changes at rest and by hand at once, while a run goes on no faster than one can read. */
export function useHero(): Hero | null {
  const studio = useStudio();
  const [hero, setHero] = useState(() => heroOf(studio));
  useEffect(() => {
    const { store } = studio;
    let told = heroOf(studio);
    const pacer = new Pacer(() => setHero((told = heroOf(studio))), HERO_MS);
    const unsubscribe = store.subscribe((state, before) => {
      const byHand = state.heldUpdate !== before.heldUpdate || state.world !== before.world;
      const runEnds = before.recording?.playing !== state.recording?.playing;
      // Another run, or this one from its start: what was told is not of it.
      const emptied = state.batchVersion !== before.batchVersion && studio.batches.newest === null;
      if (byHand || runEnds || emptied) pacer.now();
      else if (state.batchVersion !== before.batchVersion) {
        // Nothing to read yet: nobody is interrupted.
        if (told === null) pacer.now();
        else pacer.request();
      }
    });
    // What came between drawing and listening.
    pacer.now();
    return () => {
      unsubscribe();
      pacer.cancel();
    };
  }, [studio]);
  return hero;
}
