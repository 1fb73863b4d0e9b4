import { memo } from 'react';
import { pressStep } from '../../../store/view/compare-actions';
import type { SideName, StepView, TrajectoryView } from '../../../recordings/decode-trajectory';
import { emText, fixed, probability, signed } from '../../format';
import { Scissors } from '../../primitives/mark';
import { CutChance, StepSigns, stepInWords } from '../../primitives/step-line';
import type { RowSaid } from '../../../store/state/labels-state';
import type { Selection } from '../../../store/state/studio-state';
import { useStudio } from '../../studio-context';

interface RowProps {
  trajectory: TrajectoryView;
  rank: number;
  /** Told where no heading tells it. */
  question: string | null;
  selectedSide: SideName | null;
  selectedStep: number | null;
  /** What a person said of it. */
  said?: RowSaid | undefined;
}

interface Selected {
  side: SideName;
  step: number;
}

export const TrajectoryRow = memo(function TrajectoryRow(props: RowProps): React.JSX.Element {
  const { trajectory, rank, question, selectedSide, selectedStep, said } = props;
  const studio = useStudio();
  const selected = selectedSide === null || selectedStep === null ? null : { side: selectedSide, step: selectedStep };
  return (
    <div className={selected ? 'row row-selected' : 'row'}>
      {question !== null && <p className="small row-question">{question}</p>}
      <RowHead trajectory={trajectory} rank={rank} />
      <TrajectoryStrip
        trajectory={trajectory}
        selected={selected}
        onStep={(selection) => pressStep(studio, selection)}
        said={said}
      />
      <RowOutcome trajectory={trajectory} said={said} />
    </div>
  );
});

interface StripProps {
  trajectory: TrajectoryView;
  selected: Selected | null;
  onStep: (selection: Selection) => void;
  said?: RowSaid | undefined;
}

/** The draft's steps, the scissors where it was cut, and below them what was regrown. */
export function TrajectoryStrip(props: StripProps): React.JSX.Element {
  const { trajectory } = props;
  const { draft, final, cut } = trajectory;
  return (
    <ol className={trajectory.review ? 'strip strip-reviewed' : 'strip'} style={stripStyle(trajectory)}>
      {draft.steps.map((step) => (
        <Step key={`draft-${step.number}`} step={step} side={cut > 0 ? 'draft' : 'final'} {...props} />
      ))}
      {cut > 0 &&
        final.steps
          .slice(cut - 1)
          .map((step) => <Step key={`final-${step.number}`} step={step} side="final" {...props} regrown />)}
    </ol>
  );
}

/** The engine has five steps at most, which share the width; more of them keep a width that can be read. */
function stripStyle({ draft, final }: TrajectoryView): React.CSSProperties | undefined {
  const steps = Math.max(draft.steps.length, final.steps.length);
  return steps > 5 ? { '--steps': steps, '--step-least': '120px', overflowX: 'auto' } : undefined;
}

function RowHead({ trajectory, rank }: { trajectory: TrajectoryView; rank: number }): React.JSX.Element {
  return (
    <div className="row-head">
      <span className="quiet small">#{rank}</span>
      <span className="row-reward" data-term="reward">
        R {fixed(trajectory.final.reward)}
      </span>
      <span className="small row-advantage" data-term="advantage">
        A {signed(trajectory.advantage)}
      </span>
    </div>
  );
}

function RowOutcome({ trajectory, said }: Pick<RowProps, 'trajectory' | 'said'>): React.JSX.Element {
  const { draft, final, cut, review, verdict } = trajectory;
  const accept = review?.[0];
  return (
    <div className="row-outcome small">
      {verdict !== 'none' && (
        <span className={`verdict verdict-${verdict}`} data-term={verdict}>
          {verdict}
        </span>
      )}
      <span data-term="exact-match" className="em">
        {cut > 0 && (
          <>
            EM {emText(draft.em)}
            <span aria-label="then"> → </span>
          </>
        )}
        {cut > 0 ? emText(final.em) : `EM ${emText(final.em)}`}
      </span>
      {accept !== undefined && (
        <span className="quiet row-accept" data-term="accept">
          accept {probability(accept)}
        </span>
      )}
      {final.endReason && <span className="badge">{final.endReason}</span>}
      {said && <span className="row-said">{said.text}</span>}
    </div>
  );
}

interface StepProps extends StripProps {
  step: StepView;
  side: SideName;
  /** A step of the final trajectory that took the place of a discarded one. */
  regrown?: boolean;
}

function Step({ step, side, trajectory, selected, onStep, said, regrown = false }: StepProps): React.JSX.Element {
  const { cut, review } = trajectory;
  const { em } = trajectory[regrown ? 'final' : 'draft'];
  const discarded = !regrown && cut > 0 && step.number >= cut;
  const isCut = !regrown && cut === step.number;
  const chance = regrown ? undefined : review?.[step.number];
  const Label = discarded ? 's' : 'span';
  const label = said?.steps[`${side} ${step.number}`];
  const isSelected = selected !== null && selected.step === step.number && selected.side === side;
  // Steps before the cut belong to both sides: mark them whichever side is looked at.
  const shared = !regrown && cut > 0 && step.number < cut;
  const classes = [
    'step',
    discarded ? 'step-discarded' : '',
    regrown ? 'step-regrown' : '',
    regrown && step.number === cut ? 'step-branch' : '',
    step.kind === 'search' ? '' : 'step-end',
    isSelected || (shared && selected?.step === step.number) ? 'step-selected' : '',
  ];
  return (
    <li className={classes.filter(Boolean).join(' ')} style={{ '--column': step.number }} data-step={step.number}>
      {isCut && (
        <span className="cut-mark">
          <Scissors />
        </span>
      )}
      <button
        type="button"
        className="step-button"
        aria-pressed={isSelected}
        // One name rather than hidden words in boxes of their own: some hundred steps are laid out with every update.
        aria-label={`${stepInWords(step, em)}. ${step.label}${isCut ? '. Cut here, discarded from here on.' : ''}${label ? `. Labelled ${label}` : ''}`}
        data-current={isSelected}
        onClick={() => onStep({ row: trajectory.row, side, step: step.number })}
      >
        <StepSigns step={step} em={em} />
        <Label className="step-text">{step.label}</Label>
        {label && <span className="step-said">{label}</span>}
      </button>
      {chance !== undefined && <CutChance chance={chance} step={step.number} chosen={isCut} />}
    </li>
  );
}
