import type { Em } from '../../../lib/exact-match';
import { hasReached } from '../../../recordings/stage/stage-moments';
import type { StageMoment } from '../../../recordings/stage/stage-moments';
import type { StepView, TrajectoryView } from '../../../recordings/decode-trajectory';
import { DensityBar } from '../../primitives/evidence';
import { Scissors } from '../../primitives/mark';
import { CutChance, outcome } from '../../primitives/step-line';

interface StepsProps {
  trajectory: TrajectoryView;
  moment: StageMoment;
}

/** Places on the line from the beginning on, so that nothing moves when more is written. */
const LEAST_COLUMNS = 5;

/** The steps that are there by now, and of each what is known by now: how good a search was is judged with the reward. */
export function StageSteps({ trajectory, moment }: StepsProps): React.JSX.Element {
  const { draft, final, cut, review } = trajectory;
  const { phase, steps } = moment;
  const drafted = phase === 'rollout' ? draft.steps.slice(0, steps) : draft.steps;
  const isCut = cut > 0 && hasReached(moment, 'regenerate');
  const regrown = isCut ? final.steps.slice(cut - 1, phase === 'regenerate' ? cut - 1 + steps : undefined) : [];
  const newest = phase === 'rollout' ? drafted.at(-1) : phase === 'regenerate' ? regrown.at(-1) : undefined;
  const judged = hasReached(moment, 'reward');
  const columns = Math.max(LEAST_COLUMNS, draft.steps.length, final.steps.length);
  return (
    <ol className="stage-steps" aria-label="Steps" style={{ '--steps': columns }} data-cut={isCut}>
      {drafted.map((step) => (
        <StageStep
          key={`draft-${step.number}`}
          step={step}
          em={draft.em}
          judged={judged && !(isCut && step.number >= cut)}
          current={step === newest}
          discarded={isCut && step.number >= cut}
          scissors={isCut && step.number === cut}
          chance={hasReached(moment, 'review') ? review?.[step.number] : undefined}
        />
      ))}
      {regrown.map((step) => (
        <StageStep
          key={`final-${step.number}`}
          step={step}
          em={final.em}
          judged={judged}
          current={step === newest}
          regrown
        />
      ))}
    </ol>
  );
}

interface StageStepProps {
  step: StepView;
  em: Em;
  judged: boolean;
  current: boolean;
  discarded?: boolean;
  regrown?: boolean;
  scissors?: boolean;
  chance?: number | undefined;
}

function StageStep(props: StageStepProps): React.JSX.Element {
  const { step, em, judged, current, discarded = false, regrown = false, scissors = false, chance } = props;
  const { number, kind, passages, useful } = step;
  const paid = judged && (kind === 'search' ? useful === 1 : outcome(step, em) === 'right');
  const Text = discarded ? 's' : 'span';
  return (
    <li
      className="stage-step"
      style={{ '--column': number }}
      data-regrown={regrown}
      data-discarded={discarded}
      data-last={kind !== 'search'}
      aria-current={current ? 'true' : undefined}
    >
      {scissors && (
        <span className="stage-scissors">
          <Scissors />
          <span className="visually-hidden">Cut here. </span>
        </span>
      )}
      <span className="stage-signs">
        <span className={`stage-node ${paid ? 'stage-node-full' : ''} ${kind === 'search' ? '' : 'stage-node-end'}`} />
        {kind === 'search' ? (
          <DensityBar classes={passages.map(({ evidence }) => (judged ? evidence : null))} />
        ) : (
          judged && <span className="stage-outcome">{outcome(step, em)}</span>
        )}
      </span>
      <Text className="stage-text">{step.text}</Text>
      {chance !== undefined && <CutChance chance={chance} step={number} chosen={scissors} />}
    </li>
  );
}
