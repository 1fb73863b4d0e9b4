import { say } from '../../../lessons/words';
import { beatRefiner } from '../../../store/lessons/own-run';
import { useStudio } from '../../studio-context';

/** Plays the lesson on cuts with drafts of the reader's own run. */
export function BeatRefiner(): React.JSX.Element {
  const studio = useStudio();
  return (
    <button type="button" className="button" onClick={() => void beatRefiner(studio)}>
      {say('beat.ownRun')}
    </button>
  );
}
