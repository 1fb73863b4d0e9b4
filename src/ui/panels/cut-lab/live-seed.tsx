/** Where the server keeps seeds: the same one gives the same texts. */
import { useState } from 'react';
import { setLiveSeed, typedSeed } from '../../../store/lab/live/live-lab';
import { useStudio, useStudioState } from '../../studio-context';

export function LiveSeed(): React.JSX.Element | null {
  const studio = useStudio();
  const seed = useStudioState((state) => state.lab.live?.seed ?? 1n);
  const ofRun = useStudioState(({ lab: { live } }) => live?.seed === live?.rollout.seed);
  const seeded = useStudioState((state) => state.live?.abilities?.seeded !== false);
  // What is typed, while it is typed.
  const [typed, setTyped] = useState<string | null>(null);
  const isNone = useStudioState((state) => typed !== null && typedSeed(state, typed) === null);
  if (!seeded) return null;
  return (
    <label>
      <span className="quiet">Seed{ofRun && ' of its run'}</span>{' '}
      <input
        className="field lab-seed"
        inputMode="numeric"
        value={typed ?? String(seed)}
        aria-invalid={isNone}
        onChange={({ target: { value } }) => {
          setTyped(value);
          const read = typedSeed(studio.store.getState(), value);
          if (read !== null && read !== seed) setLiveSeed(studio, read);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}
