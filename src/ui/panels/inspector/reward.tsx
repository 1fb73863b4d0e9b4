import { sideOf } from '../../../store/view/current-view';
import type { CurrentView } from '../../../store/view/current-view';
import { shownConfig } from '../../../store/run/status';
import { select } from '../../../store/view/view-actions';
import { fixed, signed } from '../../format';
import { RewardFormula } from '../../primitives/reward-formula';
import { Term } from '../../terms/term';
import { useStudio, useStudioState } from '../../studio-context';

/** The reward of the side on screen, a way to each step that it comes from, and the advantages it led to. */
export function Reward({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const refinerAdvantage = useStudioState((state) => shownConfig(state).refinerAdvantage);
  const { trajectory, side } = view;
  return (
    <div className="formula">
      <RewardFormula
        side={sideOf(trajectory, side)}
        current={view.step}
        onStep={(step) => select(studio, { row: trajectory.row, side, step: step.number })}
      />
      <p className="small">
        <Term id="advantage">advantage</Term> in its group {signed(trajectory.advantage)}
        {trajectory.verdict !== 'none' && (view.engine || trajectory.reviewAdvantage !== 0) && (
          <>
            , <Term id="review-advantage">of the review</Term> {signed(trajectory.reviewAdvantage)}
            {view.engine && refinerAdvantage === 'draftBaseline' && trajectory.cut > 0 && (
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
