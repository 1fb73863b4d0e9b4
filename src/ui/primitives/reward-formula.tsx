import type { Em } from '../../lib/exact-match';
import type { SideView, StepView } from '../../recordings/decode-trajectory';
import { shownConfig } from '../../store/run/status';
import { emText, fixed } from '../format';
import { useStudioState } from '../studio-context';
import { Term } from '../terms/term';

interface FormulaProps {
  side: SideView;
  /** The step that is looked at. */
  current?: StepView;
  /** Where a number of the formula leads; without it numbers are plain text. */
  onStep?: (step: StepView) => void;
}

/** R = EM x (1 + (1/M) sum u_i) with this trajectory's numbers, in the form that the run's settings give it. */
export function RewardFormula({ side, ...links }: FormulaProps): React.JSX.Element {
  const settings = useStudioState((state) => shownConfig(state).process);
  const combined = useStudioState((state) => shownConfig(state).combine);
  const { rewardFrom } = side;
  const process = rewardFrom ? 'search' : settings;
  const combine = rewardFrom ? 'gated' : combined;
  const searches = side.steps.filter((other) => other.kind === 'search');
  if (rewardFrom === 'file') {
    return (
      <p>
        {side.reward === null ? (
          'The file gives no reward'
        ) : (
          <>
            <Term id="reward">
              <i>R</i>
            </Term>{' '}
            = <b>{fixed(side.reward)}</b>, as the file gives it
          </>
        )}
        ; <Term id="exact-match">EM</Term> {emText(side.em)}, useful searches{' '}
        {searches.filter((step) => step.useful).length} of {searches.length}
      </p>
    );
  }
  if (process === 'off') {
    return (
      <p>
        <Term id="reward">
          <i>R</i>
        </Term>{' '}
        = <Term id="exact-match">EM</Term> = <b>{fixed(side.reward)}</b>
      </p>
    );
  }
  const symbol = process === 'passage' ? 'd' : 'u';
  const mean = (
    <>
      (1/<Term id="m">M</Term>) Σ {symbol}
      <sub>i</sub>
    </>
  );
  return (
    <>
      <p>
        <Term id="reward">
          <i>R</i>
        </Term>{' '}
        = <Term id="exact-match">EM</Term> {combine === 'gated' ? <>× (1 + {mean})</> : <>+ {mean}</>}
      </p>
      <p>
        {'= '}
        <Factor {...links} step={side.steps.at(-1)} label={emInWords(side.em)}>
          {emText(side.em)}
        </Factor>{' '}
        {combine === 'gated' ? '× (1 + ' : '+ '}
        {searches.length > 0 ? (
          <>
            1/{searches.length} · (
            {searches.map((step, i) => {
              const value = process === 'passage' ? (step.share ?? 0) : (step.useful ?? 0);
              return (
                <span key={i}>
                  {i > 0 && ' + '}
                  <Factor {...links} step={step} label={evidenceText(step, value)}>
                    {fixed(value, process === 'passage' ? 2 : 0)}
                  </Factor>
                </span>
              );
            })}
            )
          </>
        ) : (
          '0'
        )}
        {combine === 'gated' && ')'}
      </p>
      <p>
        = <b>{fixed(side.reward)}</b>
      </p>
    </>
  );
}

function emInWords(em: Em): string {
  return em === 1 ? 'EM 1: the answer is right' : 'EM 0: the answer is wrong or missing';
}

/** What decided a search's share of the reward. */
function evidenceText(step: StepView, value: number): string {
  const found = step.passages.find((passage) => passage.evidence === 'new');
  if (!found) return `Step ${step.number}: ${value}, no passage supports a hop that nothing supported before`;
  return `Step ${step.number}: ${value}, “${found.sentence}” (${found.source}) supports a new hop`;
}

interface FactorProps extends Omit<FormulaProps, 'side'> {
  step: StepView | undefined;
  label: string;
  children: React.ReactNode;
}

/** A number of the formula: pointing at it shows the step it comes from, pressing it goes there. */
function Factor({ step, current, onStep, label, children }: FactorProps): React.JSX.Element {
  if (!onStep) return <span>{children}</span>;
  const link = (event: React.SyntheticEvent<HTMLElement>, on: boolean): void => {
    const inspector = event.currentTarget.closest('.inspector');
    const button = inspector?.querySelector(`[data-factor-step="${step?.number ?? 0}"]`);
    button?.toggleAttribute('data-linked', on);
  };
  return (
    <button
      type="button"
      className={step === current ? 'factor factor-current' : 'factor'}
      title={label}
      aria-label={label}
      disabled={!step}
      onPointerEnter={(event) => link(event, true)}
      onPointerLeave={(event) => link(event, false)}
      onFocus={(event) => link(event, true)}
      onBlur={(event) => link(event, false)}
      onClick={() => step && onStep(step)}
    >
      {children}
    </button>
  );
}
