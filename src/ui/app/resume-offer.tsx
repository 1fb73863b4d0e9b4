/** An offer above the panels to go on with a saved run. */
import { dismissOffer, openSaved } from '../../store/files/saved/runs-actions';
import { titleOf } from '../../store/files/saved/saved-recording';
import type { SavedRun } from '../../recordings/saved-run';
import { count } from '../format';
import { useStudio, useStudioState } from '../studio-context';

export function ResumeOffer(): React.JSX.Element | null {
  const offer = useStudioState((state) => state.offer);
  return offer && <Offer run={offer} />;
}

function Offer({ run }: { run: SavedRun }): React.JSX.Element {
  const studio = useStudio();
  const usable = useStudioState((state) => state.support.status === 'ok');
  const open = (): void => void openSaved(studio, run.id, navigator.locks);
  return (
    <section className="message" aria-label="Saved run">
      <p>
        {usable ? 'Continue' : 'Look at'} update {count(run.update)} of {titleOf(run)}?{' '}
        <span className="quiet">Saved {run.savedAt.toLocaleString()} in this browser.</span>
      </p>
      <div className="recording-buttons">
        <button type="button" className="button" onClick={open}>
          {usable ? 'Continue' : 'Look at it'}
        </button>
        <button type="button" className="button plain" onClick={() => dismissOffer(studio)}>
          Not now
        </button>
      </div>
    </section>
  );
}
