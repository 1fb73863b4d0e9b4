import { sideOf } from '../../../store/current-view';
import type { CurrentView } from '../../../store/current-view';
import { fixed, signed } from '../../format';
import { useStudioState } from '../../studio-context';

/** R = EM x (1 + (1/M) sum u_i) with this trajectory's numbers, in the form that the run's settings give it. */
export function RewardFormula({ view }: { view: CurrentView }): React.JSX.Element {
  const process = useStudioState((state) => state.config.process);
  const combine = useStudioState((state) => state.config.combine);
  const refinerAdvantage = useStudioState((state) => state.config.refinerAdvantage);
  const { trajectory, side, step } = view;
  const data = sideOf(trajectory, side);
  const searches = data.steps.filter((other) => other.kind === 'search');
  const symbol = process === 'passage' ? 'd' : 'u';
  const terms = (
    <Sum
      values={searches.map((other) => (process === 'passage' ? (other.share ?? 0) : (other.useful ?? 0)))}
      current={searches.indexOf(step)}
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
            {data.em} {combine === 'gated' ? '× (1 + ' : '+ '}
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

interface SumProps {
  values: readonly number[];
  current: number;
  decimals: number;
}

function Sum({ values, current, decimals }: SumProps): React.JSX.Element {
  return (
    <>
      {values.map((value, i) => (
        <span key={i}>
          {i > 0 && ' + '}
          {i === current ? <mark title="the step shown above">{fixed(value, decimals)}</mark> : fixed(value, decimals)}
        </span>
      ))}
    </>
  );
}
