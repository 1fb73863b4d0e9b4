import { sideOf } from '../../../store/current-view';
import { select } from '../../../store/view-actions';
import type { StepView } from '../../../store/decode';
import type { CurrentView } from '../../../store/current-view';
import { fixed, signed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

/** R = EM x (1 + (1/M) sum u_i) with this trajectory's numbers, in the form that the run's settings give it. */
export function RewardFormula({ view }: { view: CurrentView }): React.JSX.Element {
  const process = useStudioState((state) => state.config.process);
  const combine = useStudioState((state) => state.config.combine);
  const refinerAdvantage = useStudioState((state) => state.config.refinerAdvantage);
  const { trajectory, side } = view;
  const data = sideOf(trajectory, side);
  const searches = data.steps.filter((other) => other.kind === 'search');
  const symbol = process === 'passage' ? 'd' : 'u';
  const terms = (
    <Sum
      values={searches.map((other) => (process === 'passage' ? (other.share ?? 0) : (other.useful ?? 0)))}
      steps={searches}
      view={view}
      decimals={process === 'passage' ? 2 : 0}
    />
  );
  const mean = (
    <>
      (1/M) Σ {symbol}
      <sub>i</sub>
    </>
  );
  return (
    <div className="formula">
      {process === 'off' ? (
        <p>
          <i>R</i> = EM = <b>{fixed(data.reward)}</b>
        </p>
      ) : (
        <>
          <p>
            <i>R</i> = EM {combine === 'gated' ? <>× (1 + {mean})</> : <>+ {mean}</>}
          </p>
          <p>
            {'= '}
            <Factor view={view} step={data.steps.at(-1)} label={emText(data.em)}>
              {data.em}
            </Factor>{' '}
            {combine === 'gated' ? '× (1 + ' : '+ '}
            {searches.length > 0 ? (
              <>
                1/{searches.length} · ({terms})
              </>
            ) : (
              '0'
            )}
            {combine === 'gated' && ')'}
          </p>
          <p>
            = <b>{fixed(data.reward)}</b>
          </p>
        </>
      )}
      <p className="small">
        advantage in its group {signed(trajectory.advantage)}
        {trajectory.verdict !== 'none' && (
          <>
            , of the review {signed(trajectory.reviewAdvantage)}
            {refinerAdvantage === 'draftBaseline' && trajectory.cut > 0 && (
              <span className="quiet">
                {' '}
                = {fixed(trajectory.final.reward)} − {fixed(trajectory.draft.reward)}, final minus draft
              </span>
            )}
          </>
        )}
      </p>
    </div>
  );
}

function emText(em: number): string {
  return em ? 'EM 1: the answer is right' : 'EM 0: the answer is wrong or missing';
}

interface SumProps {
  values: readonly number[];
  steps: readonly StepView[];
  view: CurrentView;
  decimals: number;
}

function Sum({ values, steps, view, decimals }: SumProps): React.JSX.Element {
  return (
    <>
      {values.map((value, i) => (
        <span key={i}>
          {i > 0 && ' + '}
          <Factor view={view} step={steps[i]} label={evidenceText(steps[i], value)}>
            {fixed(value, decimals)}
          </Factor>
        </span>
      ))}
    </>
  );
}

/** What decided a search's share of the reward. */
function evidenceText(step: StepView | undefined, value: number): string {
  const found = step?.passages.find((passage) => passage.evidence === 'new');
  if (!found) return `Step ${step?.number ?? 0}: ${value}, no passage supports a hop that nothing supported before`;
  return `Step ${step?.number ?? 0}: ${value}, “${found.sentence}” (${found.source}) supports a new hop`;
}

interface FactorProps {
  view: CurrentView;
  step: StepView | undefined;
  label: string;
  children: React.ReactNode;
}

/** A number of the formula: pointing at it shows the step it comes from, pressing it goes there. */
function Factor({ view, step, label, children }: FactorProps): React.JSX.Element {
  const studio = useStudio();
  const { trajectory, side } = view;
  const link = (event: React.SyntheticEvent<HTMLElement>, on: boolean): void => {
    const inspector = event.currentTarget.closest('.inspector');
    const button = inspector?.querySelector(`[data-factor-step="${step?.number ?? 0}"]`);
    button?.toggleAttribute('data-linked', on);
  };
  return (
    <button
      type="button"
      className={step === view.step ? 'factor factor-current' : 'factor'}
      title={label}
      aria-label={label}
      disabled={!step}
      onPointerEnter={(event) => link(event, true)}
      onPointerLeave={(event) => link(event, false)}
      onFocus={(event) => link(event, true)}
      onBlur={(event) => link(event, false)}
      onClick={() => step && select(studio, { row: trajectory.row, side, step: step.number })}
    >
      {children}
    </button>
  );
}
