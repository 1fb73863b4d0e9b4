import { openCompared, shownRef, startPicking } from '../../../store/view/compare-actions';
import type { CurrentView } from '../../../store/view/current-view';
import { useStudio } from '../../studio-context';

/** From one step to the whole trajectory, and to others: all answers to its question, or any that is pressed in the list. */
export function CompareButtons({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const ref = shownRef(studio, view);
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => openCompared(studio, { kind: 'whole', of: ref, side: view.side })}
      >
        Whole trajectory
      </button>
      <button type="button" className="button" onClick={() => openCompared(studio, { kind: 'answers', from: ref })}>
        This question at other {view.engine ? 'updates' : 'steps'}
      </button>
      {ref.file !== 'run' && (
        <button type="button" className="button" onClick={() => startPicking(studio, ref)}>
          Compare with …
        </button>
      )}
    </>
  );
}
