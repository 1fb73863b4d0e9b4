import { lazy, Suspense } from 'react';
import { openDoctor } from '../../store/run/actions';
import { useStudio, useStudioState } from '../studio-context';

const Advice = lazy(async () => ({ default: (await import('./webgpu-advice')).Advice }));

export function WebGpuHelp(): React.JSX.Element | null {
  const what = useMissing();
  if (what === null) return null;
  return (
    <div className="message message-problem" role="alert">
      <div>
        <p>
          <b>{what}</b>
        </p>
        <Suspense>
          <Advice />
        </Suspense>
      </div>
      <Remedies />
    </div>
  );
}

/** The same within the message on a recording: a line, and the rest behind it. */
export function WebGpuNote(): React.JSX.Element | null {
  const what = useMissing();
  if (what === null) return null;
  return (
    <div role="alert" className="webgpu-note">
      <details id="webgpu-note">
        <summary>
          <b>{what}</b> <span className="webgpu-more">What to do</span>
        </summary>
        <Suspense>
          <Advice />
        </Suspense>
        <Remedies />
      </details>
    </div>
  );
}

function Remedies(): React.JSX.Element {
  const studio = useStudio();
  return (
    <>
      <button type="button" className="button" onClick={() => openDoctor(studio)}>
        Doctor
      </button>{' '}
      <button type="button" className="button" onClick={() => window.location.reload()}>
        Try again
      </button>
    </>
  );
}

/** What is missing, in a sentence; null where training works. */
function useMissing(): string | null {
  const { status } = useStudioState((state) => state.support);
  if (status === 'missing') return 'Cutpoint trains on WebGPU, and this page cannot use it.';
  return status === 'noAdapter' ? 'This browser has WebGPU, but found no graphics adapter to run it on.' : null;
}
