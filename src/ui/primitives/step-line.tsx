/** How a step is drawn wherever one is shown; its styles are the trajectory list's. */
import type { StepView } from '../../store/decode';
import { fixed, probability } from '../format';
import { DensityBar } from './evidence';

/** The dot, filled when the step paid (a new hop supported, a right answer), with its evidence on the line. */
export function StepLine({ step, em }: { step: StepView; em: number }): React.JSX.Element {
  if (step.kind === 'search') {
    return (
      <span className="step-line">
        <span className={step.useful ? 'node node-full' : 'node'} />
        <DensityBar classes={step.passages.map((passage) => passage.evidence)} />
        <span className="visually-hidden">
          {`Step ${step.number}: search, ${step.passages.map((p) => p.evidence ?? 'none').join(', ')}, density ${fixed(step.share)}.`}
        </span>
      </span>
    );
  }
  const right = step.kind === 'answer' && em > 0;
  return (
    <span className="step-line">
      <span className={`node node-answer ${right ? 'node-full' : ''}`} />
      <span className="step-kind">{step.kind === 'answer' ? (right ? 'right' : 'wrong') : 'broken off'}</span>
      <span className="visually-hidden">{`Step ${step.number}.`}</span>
    </span>
  );
}

/** Probability of a cut at this step, as a number and a bar. */
export function CutChance({
  chance,
  step,
  chosen,
}: {
  chance: number;
  step: number;
  chosen: boolean;
}): React.JSX.Element {
  return (
    <span
      className={chosen ? 'chance chance-chosen' : 'chance'}
      title={`Probability of a cut at step ${step}: ${fixed(chance, 3)}`}
    >
      <span className="chance-bar" aria-hidden="true">
        <span style={{ width: `${100 * chance}%` }} />
      </span>
      <span className="visually-hidden">cut probability </span>
      {probability(chance)}
    </span>
  );
}
