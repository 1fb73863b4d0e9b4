import { duration, fixed } from '../../format';
import { Mark } from '../../primitives/mark';
import type { StudioState } from '../../../store/state/studio-state';
import { canCancelOwnWorld, cancelOwnWorld } from '../../../store/files/world/own-world';
import { useStudio, useStudioState } from '../../studio-context';
import { RowKey } from './row-key';
import { LessonLink } from '../../primitives/lesson-link';

/** Before the first batch: what is going on, what will appear here, and how to read it. */
export function Waiting(): React.JSX.Element {
  return (
    <div className="waiting">
      <Progress />
      <RowKey />
    </div>
  );
}

function Progress(): React.JSX.Element {
  const support = useStudioState((state) => state.support.status);
  const runState = useStudioState((state) => state.runState);
  const note = useStudioState((state) => state.stateNote);
  const warmStart = useStudioState((state) => state.warmStart);
  const wanted = useStudioState((state) => state.playWanted);
  if (support === 'missing' || support === 'noAdapter') {
    return (
      <p>
        Trajectories of the newest update appear here once this browser can run the engine.{' '}
        <LessonLink to="one-question" />
      </p>
    );
  }
  if (runState === 'failed') {
    return <p>The engine has stopped: the message above says why. Reset starts it again with the same settings.</p>;
  }
  if (runState === 'paused') {
    return (
      <p>
        Each update samples a group of trajectories per question. They appear here with their steps, their cut and their
        reward: press Play, or Step for one update. <LessonLink to="one-question" />
      </p>
    );
  }
  const progress = runState === 'warmStart' ? warmStart : null;
  return (
    <div className="waiting-progress">
      <Mark moving />
      <p>
        <b>{titleOf(runState)}</b>
        <br />
        {note ?? detailOf(runState)}
        {wanted && ' It plays as soon as it is ready.'}
      </p>
      <progress
        aria-label={progress ? 'Warm start' : 'Loading'}
        {...(progress ? { value: progress.batch, max: progress.batches } : {})}
      />
      <p className="small quiet">
        {progress && `batch ${progress.batch} of ${progress.batches}, loss ${fixed(progress.loss, 3)} nats per token`}
      </p>
      {runState === 'warmStart' && (
        <p>{progress?.secondsLeft ? `about ${duration(progress.secondsLeft)} left` : 'measuring the time left …'}</p>
      )}
      <OwnWorldAhead />
    </div>
  );
}

/** While one's own world gets ready: what will be asked in it, and the way back. */
function OwnWorldAhead(): React.JSX.Element | null {
  const studio = useStudio();
  const examples = useStudioState((state) => (canCancelOwnWorld(state) ? state.pageBefore?.examples : undefined));
  if (examples === undefined) return null;
  return (
    <>
      <div>
        <h3>What it will be asked</h3>
        <ul>
          {examples.slice(0, 4).map(({ question, answer }) => (
            <li key={question}>
              {question} <span className="quiet">{answer}</span>
            </li>
          ))}
        </ul>
      </div>
      <button type="button" className="button" onClick={() => cancelOwnWorld(studio)}>
        Cancel the warm start
      </button>
    </>
  );
}

function titleOf(runState: StudioState['runState']): string {
  if (runState === 'warmStart') return 'Warm start';
  if (runState === 'evaluating') return 'First evaluation';
  return runState === 'running' ? 'First update' : 'Loading the engine';
}

function detailOf(runState: StudioState['runState']): string {
  if (runState === 'warmStart') return 'The network imitates demonstrations.';
  if (runState === 'evaluating')
    return 'What the first weights can do, on worlds they never saw. Play does not have to wait.';
  return runState === 'running' ? 'Its trajectories appear in a moment.' : 'Weights, worlds and kernels.';
}
