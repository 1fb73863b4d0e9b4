/** How a step is drawn wherever one is shown; its styles are the trajectory list's. */
import type { StepView } from '../../recordings/decode-trajectory';
import type { Em } from '../../lib/exact-match';
import { fixed, probability } from '../format';
import { DensityBar } from './evidence';

/** What the signs of a step say, in words: for who cannot see them. */
export function stepInWords(step: StepView, em: Em): string {
  if (step.kind !== 'search') return `Step ${step.number}: ${outcome(step, em)}`;
  const evidence = step.passages.map((passage) => passage.evidence ?? 'none').join(', ');
  return `Step ${step.number}: search, ${evidence}, density ${fixed(step.share)}`;
}

/** Of a step that ends a trajectory, or could have. */
export function outcome(step: StepView, em: Em): 'right' | 'wrong' | 'answer' | 'superseded' | 'broken off' {
  if (step.kind !== 'answer') return 'broken off';
  // Only the last answer is judged; without a right one in the file none is.
  if (step.superseded) return 'superseded';
  return em === null ? 'answer' : em === 1 ? 'right' : 'wrong';
}

/**
 * The dot, filled when the step paid (a new hop supported, a right answer), with its evidence on the line. Signs alone, for
 * where something around them tells them in words.
 */
export function StepSigns({ step, em }: { step: StepView; em: Em }): React.JSX.Element {
  if (step.kind === 'search') {
    return (
      <span className="step-line">
        <span className={step.useful ? 'node node-full' : 'node'} />
        <DensityBar classes={step.passages.map((passage) => passage.evidence)} />
      </span>
    );
  }
  const word = outcome(step, em);
  return (
    <span className="step-line step-line-end">
      <span className={word === 'right' ? 'node node-answer node-full' : 'node node-answer'} />
      <span className="step-kind">{word}</span>
    </span>
  );
}

/** The signs, and the same in words. */
export function StepLine({ step, em }: { step: StepView; em: Em }): React.JSX.Element {
  return (
    <>
      <StepSigns step={step} em={em} />
      <span className="visually-hidden">{`${stepInWords(step, em)}.`}</span>
    </>
  );
}

/** Probability of a cut at this step, or of accepting (step 0), as a number and a bar. */
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
      style={{ '--chance': chance }}
      role="img"
      aria-label={`probability of ${step === 0 ? 'accepting the draft' : `a cut at step ${step}`} ${probability(chance)}`}
    >
      {probability(chance)}
    </span>
  );
}
