import { rightOf } from '../../../recordings/batch-summary';
import { pinQuestion, unpinQuestion } from '../../../store/view/view-actions';
import type { CurrentView } from '../../../store/view/current-view';
import { Term } from '../../terms/term';
import { useStudio, useStudioState } from '../../studio-context';

/** One question with what its group came to, and the pin that follows it over updates. */
export function QuestionHeading({ view, group }: { view: CurrentView; group: number }): React.JSX.Element {
  const { batch, summary } = view.stored;
  const entry = summary.groups[group];
  return (
    <div className="question">
      <h3 className="question-text">{batch.questions[group] ?? ''}</h3>
      {entry && (
        <span className="small quiet question-facts">
          {rightOf(entry)}
          {entry.zeroVariance && (
            <>
              , <Term id="equal-rewards">equal rewards</Term>
            </>
          )}
        </span>
      )}
      {view.engine && <PinButton view={view} group={group} />}
    </div>
  );
}

function PinButton({ view, group }: { view: CurrentView; group: number }): React.JSX.Element {
  const studio = useStudio();
  const shownPin = useStudioState((state) => state.shownPin);
  useStudioState((state) => state.pinsVersion);
  const pin = shownPin === null ? studio.pins.find(view.batch.update, group) : studio.pins.get(shownPin);
  return (
    <button
      type="button"
      className="button plain"
      aria-pressed={pin !== undefined}
      aria-label={`Pin “${view.batch.questions[group] ?? ''}”`}
      onClick={() => (pin ? unpinQuestion(studio, pin.id) : pinQuestion(studio, group))}
    >
      {pin ? 'Pinned' : 'Pin'}
    </button>
  );
}
