/** What saved runs have to say above the panels: an offer to go on, and why a run could not be saved. */
import { dismissOffer, dismissSaveProblem, openSaved } from '../../store/files/saved/runs-actions';
import { CAPSULE, saveFile } from '../../store/files/save/save-file';
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

export function SaveProblem(): React.JSX.Element {
  const problem = useStudioState((state) => state.saveProblem);
  return <div role="alert">{problem && <NotSaved {...problem} />}</div>;
}

function NotSaved({ message, hint }: { message: string; hint: string }): React.JSX.Element {
  const studio = useStudio();
  return (
    <div className="message message-problem">
      <p>
        <b>{message}</b>
        <br />
        {hint}
      </p>
      <div className="recording-buttons">
        <button type="button" className="button" onClick={() => void saveFile(studio, CAPSULE)}>
          Download run
        </button>
        <button type="button" className="button plain" onClick={() => dismissSaveProblem(studio)}>
          Dismiss
        </button>
      </div>
    </div>
  );
}
