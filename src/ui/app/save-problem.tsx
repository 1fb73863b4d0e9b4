/** Why a run could not be saved. In the page from the start: what is to be fetched then may fail to come for the same reason. */
import { dismissSaveProblem } from '../../store/files/saved/runs-actions';
import { CAPSULE, saveFile } from '../../store/files/save/save-file';
import { useStudio, useStudioState } from '../studio-context';

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
