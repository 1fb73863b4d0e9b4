import { PHASES } from '../../../store/run/status';
import type { PhaseName } from '../../../store/run/status';
import { useStudioState } from '../../studio-context';

const WHAT_HAPPENS: Readonly<Record<PhaseName, string>> = {
  rollout: 'The actor thinks, searches and answers, step by step: these are drafts.',
  review: 'The refiner reads each draft: how likely it finds a cut at each step, or none.',
  regenerate: 'What follows a cut is discarded, and the actor goes on from there.',
  reward: 'Right answers count 1, and more the more searches brought something new.',
  advantage: 'Each reward is compared with the others of its question.',
  update: 'Trajectories with an advantage (marked) change the weights; the next update begins with them.',
};

/** The numbered phases of an update in slow motion, on the trajectories below. */
export function PhaseBar(): React.JSX.Element | null {
  const slow = useStudioState((state) => state.pace === 'slow');
  const current = useStudioState((state) => state.replay?.phase ?? null);
  if (!slow) return null;
  return (
    <div className="phase-bar">
      <ol className="phases small" aria-label="Phases of an update">
        {PHASES.map(({ phase, label }, index) => (
          <li key={phase} className="phase" aria-current={phase === current ? 'step' : undefined}>
            {index + 1} {label}
          </li>
        ))}
      </ol>
      <p className="small quiet">
        {current === null
          ? 'Slow motion: Play or Step computes an update at full speed, then shows it phase by phase.'
          : WHAT_HAPPENS[current]}
      </p>
    </div>
  );
}
