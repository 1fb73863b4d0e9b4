/** Present mode: the stage or a lesson alone, for a projector and the keyboard. */
import './present.css';
import { lazy, Suspense, useEffect } from 'react';
import { activity, runLabel } from '../../../store/run/status';
import { holdStage, leavePresent } from '../../../store/view/stage';
import type { CurrentView } from '../../../store/view/current-view';
import { Notes, ProblemMessage } from '../../app/messages';
import { count } from '../../format';
import { Mark } from '../../primitives/mark';
import { useStudio, useStudioState } from '../../studio-context';
import { useAccess } from '../../use-access';
import { useCurrentView } from '../../use-current-view';
import { useRowList } from '../../use-row-list';
import { Waiting } from '../trajectories/waiting';
import { pressOnStage } from './stage-keys';
import { KeyHints, StageBody } from './stage';

const Lessons = lazy(async () => ({ default: (await import('../lessons/lessons')).Lessons }));

export function Present(): React.JSX.Element {
  const studio = useStudio();
  const lessons = useStudioState((state) => state.view === 'lessons');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // An explanation that is open closes first.
      if (event.key === 'Escape' && document.querySelector(':popover-open') === null) leavePresent(studio);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [studio]);
  return (
    <div className="present">
      {lessons ? (
        <>
          <Bar />
          <main className="present-lessons">
            <Suspense>
              <Lessons />
            </Suspense>
          </main>
        </>
      ) : (
        <OneTrajectory />
      )}
    </div>
  );
}

/** What is always there: a way out, unless the link locks it. */
function Bar({ children }: { children?: React.ReactNode }): React.JSX.Element {
  const studio = useStudio();
  const locked = useAccess('present') === 'locked';
  return (
    <header className="present-bar">
      <Mark />
      <h1 className="visually-hidden">Cutpoint, present mode</h1>
      <div className="present-where">{children}</div>
      {!locked && (
        <button type="button" className="button" onClick={() => leavePresent(studio)}>
          Leave
        </button>
      )}
    </header>
  );
}

function OneTrajectory(): React.JSX.Element {
  const studio = useStudio();
  const view = useCurrentView();
  const locked = useAccess('present') === 'locked';
  const problem = useStudioState((state) => state.problems.at(-1));
  // Whoever speaks decides when it goes on.
  useEffect(() => holdStage(studio), [studio]);
  return (
    <>
      <Bar>
        <Where />
      </Bar>
      <main className="present-main stage">
        {problem && <ProblemMessage problem={problem} />}
        <Notes />
        {view ? <PresentStage view={view} /> : <Waiting />}
      </main>
      <footer className="present-foot">
        <KeyHints
          more={[{ keys: 'Space', what: 'play or pause' }, ...(locked ? [] : [{ keys: 'Esc', what: 'leave' }])]}
        />
      </footer>
    </>
  );
}

/** Its keys act wherever the focus is. */
function PresentStage({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const { places } = useRowList(view);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (pressOnStage(studio, { view, listed: places }, event)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [studio, view, places]);
  return <StageBody view={view} listed={places} />;
}

/** The status line in large: the state of the run, the update on screen and its phase. */
function Where(): React.JSX.Element {
  const label = useStudioState(runLabel);
  const update = useStudioState((state) => state.heldUpdate ?? state.update);
  const file = useStudioState((state) => state.rollouts.file !== null);
  const doing = useStudioState(activity);
  return (
    <div className="present-status" role="group" aria-label="Status">
      <span className="badge">{file ? 'FILE' : label}</span>
      {!file && <span>update {count(update)}</span>}
      <span className="status-activity">{doing}</span>
    </div>
  );
}
