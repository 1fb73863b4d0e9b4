import { useEffect } from 'react';
import { announce } from '../../store/state/announce';
import { useStudio, useStudioState } from '../studio-context';

/** How long it stands: a moment, and time to read it. */
const LEAST_MS = 2500;
const MS_PER_CHARACTER = 45;

/** A short confirmation, for eyes and for screen readers. */
export function Toast(): React.JSX.Element {
  const studio = useStudio();
  const text = useStudioState((state) => state.announcement);
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => announce(studio, ''), LEAST_MS + MS_PER_CHARACTER * text.length);
    return () => clearTimeout(timer);
  }, [text, studio]);
  return (
    <div className="toast-place" role="status">
      {text && <p className="toast">{text}</p>}
    </div>
  );
}
