/** Everything that needs to be said above the panels: no WebGPU, notes on the link and problems of the engine. */
import { Suspense, lazy } from 'react';
import { dismissNewVersion, dismissNotes, dismissProblem } from '../../store/run/actions';
import { useStudio, useStudioState } from '../studio-context';
import { RecordingBar } from './recording-bar';
import { ResumeOffer, SaveProblem } from './resume-offer';
import { WebGpuHelp } from './webgpu-help';

export function Messages(): React.JSX.Element {
  return (
    <>
      <WebGpuHelp />
      <Problems />
      <SaveProblem />
      <ResumeOffer />
      <RecordingBar />
      <Notes />
      <NewVersion />
      <Rollouts />
    </>
  );
}

const RolloutBar = lazy(async () => ({ default: (await import('../panels/rollouts/rollout-bar')).RolloutBar }));

/** Its code comes with the first file. */
function Rollouts(): React.JSX.Element | null {
  const shown = useStudioState(({ rollouts }) => rollouts.reading !== null || rollouts.file !== null);
  return shown ? (
    <Suspense fallback={null}>
      <RolloutBar />
    </Suspense>
  ) : null;
}

function Problems(): React.JSX.Element {
  const studio = useStudio();
  const problems = useStudioState((state) => state.problems);
  const measured = useStudioState((state) => state.update > 0);
  return (
    <div role="alert">
      {problems.map((problem) => (
        <div key={problem.id} className="message message-problem">
          <p>
            <b>{problem.message}</b>
            <br />
            {problem.hint}
            {problem.fatal && measured && ' What was measured so far stays on the page.'}
          </p>
          <button type="button" className="button plain" onClick={() => dismissProblem(studio, problem.id)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}

function Notes(): React.JSX.Element | null {
  const studio = useStudio();
  const notes = useStudioState((state) => state.notes);
  if (notes.length === 0) return null;
  return (
    <div className="message" role="status">
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <button type="button" className="button plain" onClick={() => dismissNotes(studio)}>
        Dismiss
      </button>
    </div>
  );
}

/** Calm: nothing happens until the person wants it. */
function NewVersion(): React.JSX.Element | null {
  const studio = useStudio();
  const load = useStudioState((state) => state.newVersion);
  const measured = useStudioState((state) => state.update > 0);
  if (load === null) return null;
  return (
    <div className="message" role="status">
      <p>
        A new version of Cutpoint is ready.
        {measured && ' Reloading ends the run on this page; until then nothing changes.'}
      </p>
      <button type="button" className="button" onClick={load}>
        Reload
      </button>
      <button type="button" className="button plain" onClick={() => dismissNewVersion(studio)}>
        Later
      </button>
    </div>
  );
}
