/** Says which folder is followed, how far, and what is not as it was. */
import { chooseRolloutStep, stopFollowing } from '../../../store/files/open/open-rollouts';
import { newestStep } from '../../../store/state/rollouts-state';
import type { Following, OpenedRollouts } from '../../../store/state/rollouts-state';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';
import { LessonLink } from '../../primitives/lesson-link';

function filesOf({ files }: Following): string {
  return `${count(files)} ${files === 1 ? 'file' : 'files'}`;
}

/** Nothing was written yet, or nothing that can be read. */
export function AwaitedRows({ following }: { following: Following }): React.JSX.Element {
  return (
    <section className="message rollout-bar" aria-label="Followed folder">
      <p>
        Following <b>{following.name}</b>, {filesOf(following)}: no trajectory yet.{' '}
        <span className="quiet">{following.remarks.join(' ')}</span> <LessonLink to="one-question" />
      </p>
      <StopFollowing />
    </section>
  );
}

export function FollowedFolder({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const following = useStudioState((state) => state.rollouts.following);
  if (following === null) return null;
  const newest = newestStep(file);
  return (
    <p>
      Following <b>{following.name}</b>, {filesOf(following)}
      {newest !== null && newest >= 0 && `, step ${count(newest)}`}.{' '}
      {file.step !== newest && (
        <Term id="held" className="badge">
          HELD {file.step === null ? 'at all steps' : file.step < 0 ? 'without a step' : count(file.step)}
        </Term>
      )}{' '}
      <span className="quiet">{following.remarks.join(' ')}</span>
    </p>
  );
}

export function FollowButtons({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const studio = useStudio();
  const following = useStudioState((state) => state.rollouts.following);
  if (following === null) return null;
  const newest = newestStep(file);
  return (
    <>
      {file.step !== newest && (
        <button type="button" className="button" onClick={() => chooseRolloutStep(studio, newest)}>
          Newest step
        </button>
      )}
      <StopFollowing />
    </>
  );
}

function StopFollowing(): React.JSX.Element {
  const studio = useStudio();
  return (
    <button type="button" className="button" onClick={() => stopFollowing(studio)}>
      Stop following
    </button>
  );
}
