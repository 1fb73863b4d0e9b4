import { useState } from 'react';
import { hasWeights, loadItsWeights } from '../../store/files/open/load-recording';
import { closeRecording } from '../../store/run/show-recording';
import { useStudio, useStudioState } from '../studio-context';

/** The message on the recording has it. */
function showAdvice(): void {
  const note = document.getElementById('webgpu-note');
  note?.setAttribute('open', '');
  note?.querySelector('summary')?.focus();
}

/** What to press where the engine is to answer about a recording: its weights, else a run of one's own. */
export function ItsWeights(): React.JSX.Element | null {
  const studio = useStudio();
  const [loading, setLoading] = useState(false);
  const has = useStudioState(hasWeights);
  const usable = useStudioState((state) => state.support.status === 'ok');
  if (!usable) {
    return (
      <button type="button" className="button" onClick={showAdvice}>
        How to get WebGPU
      </button>
    );
  }
  if (!has) {
    return (
      <button type="button" className="button" onClick={() => closeRecording(studio)}>
        Close the recording
      </button>
    );
  }
  const load = async (): Promise<void> => {
    setLoading(true);
    await loadItsWeights(studio);
    setLoading(false);
  };
  return (
    <button type="button" className="button" disabled={loading} onClick={() => void load()}>
      {loading ? 'Loading …' : 'Load its weights'}
    </button>
  );
}
