/** What is wrong with the run, told from its numbers: one line, and under it a card for each finding. */
import './check-up.css';
import { LESSON_IDS } from '../../../lessons/ids';
import { LESSON_OF, toldOf } from '../../../lessons/failures';
import { sayFailure } from '../../../lessons/failure-words';
import { diagnose, WINDOW } from '../../../recordings/diagnosis';
import type { Failure } from '../../../recordings/diagnosis';
import { toggleSettings } from '../../../store/run/actions';
import { shownConfig } from '../../../store/run/status';
import { readLesson } from '../../../store/view/view-actions';
import { usePacedState } from '../../paced';
import { useStudio, useStudioState } from '../../studio-context';
import { useAccess } from '../../use-access';
import { FailureCard } from './failure-card';

export function CheckUp(): React.JSX.Element {
  const { history } = useStudio();
  usePacedState((state) => state.metricsVersion);
  const config = useStudioState(shownConfig);
  const found = diagnose(history.newest(2 * WINDOW), config);
  return (
    <section className="panel check-up" aria-label={sayFailure('failure.title')}>
      {found.length === 0 ? (
        <p className="check-up-line">
          <b>{sayFailure('failure.title')}</b>{' '}
          <span className="quiet">
            {sayFailure(history.length < WINDOW ? 'failure.early' : 'failure.none', { window: WINDOW })}
          </span>
        </p>
      ) : (
        <details>
          <summary className="check-up-line">
            <b>{sayFailure('failure.title')}</b> <Summary found={found} />
          </summary>
          <div className="failures">
            {found.map((failure) => (
              <FailureCard key={failure.id} failure={failure} config={config}>
                <Ways failure={failure} />
              </FailureCard>
            ))}
          </div>
        </details>
      )}
    </section>
  );
}

function Summary({ found }: { found: readonly Failure[] }): React.JSX.Element {
  const [first] = found;
  const more = found.length - 1;
  return (
    <span className="check-up-sign">
      {first && sayFailure(`failure.${first.id}.name`, toldOf(first))}
      {more > 0 && ` ${sayFailure('failure.more', { more })}`}
    </span>
  );
}

/** Where to go from a finding. */
function Ways({ failure }: { failure: Failure }): React.JSX.Element {
  const studio = useStudio();
  const settings = useAccess('settings');
  const views = useAccess('views');
  const lesson = LESSON_OF[failure.id];
  return (
    <p className="failure-ways">
      {settings === 'free' && (
        <button type="button" className="button" onClick={() => toggleSettings(studio)}>
          {sayFailure('failure.settings')}
        </button>
      )}
      {views === 'free' && (
        <button type="button" className="button" onClick={() => readLesson(studio, lesson)}>
          {sayFailure('failure.lesson', { number: LESSON_IDS.indexOf(lesson) + 1 })}
        </button>
      )}
    </p>
  );
}
