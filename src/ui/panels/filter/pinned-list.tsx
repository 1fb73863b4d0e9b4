import { showPin, unpinQuestion } from '../../../store/view/view-actions';
import type { Pin } from '../../../recordings/pin-board';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

/** Questions that are followed over updates: the newest answer and the share of right ones so far. */
export function PinnedList(): React.JSX.Element {
  const { pins } = useStudio();
  useStudioState((state) => state.pinsVersion);
  return (
    <div className="pinned">
      <h3>
        <Term id="pinned-question">Pinned questions</Term>
      </h3>
      {pins.all.length === 0 ? (
        <p className="small quiet">Pin a question in the list: it is asked again and again, and never trained on.</p>
      ) : (
        <ul>
          {pins.all.map((pin) => (
            <PinnedQuestion key={pin.id} pin={pin} />
          ))}
        </ul>
      )}
    </div>
  );
}

function PinnedQuestion({ pin }: { pin: Pin }): React.JSX.Element {
  const studio = useStudio();
  const shown = useStudioState((state) => state.shownPin === pin.id);
  const held = useStudioState((state) => state.heldUpdate);
  const answer = studio.pins.at(pin.id, held);
  return (
    <li className="pin">
      <button
        type="button"
        className="pin-question"
        aria-pressed={shown}
        disabled={!answer}
        onClick={() => showPin(studio, shown ? null : pin.id)}
      >
        <span className="pin-text">{pin.question}</span>
        <span className="small pin-answer">
          {answer ? (
            <>
              {answer.answer ?? 'no answer'}{' '}
              <span className="quiet">
                {answer.votes} of {answer.stored.rows.length} · upd. {answer.update}
              </span>
            </>
          ) : (
            <span className="quiet">is asked after this update</span>
          )}
        </span>
        <History pin={pin} />
      </button>
      <button
        type="button"
        className="button plain"
        aria-label={`Unpin “${pin.question}”`}
        onClick={() => unpinQuestion(studio, pin.id)}
      >
        ×
      </button>
    </li>
  );
}

/** Share of right trajectories over the updates at which it was asked. */
function History({ pin }: { pin: Pin }): React.JSX.Element {
  const first = pin.answers[0]?.update ?? 0;
  const span = Math.max(1, (pin.answers.at(-1)?.update ?? 0) - first);
  const points = pin.answers.map(({ update, right }) => `${(100 * (update - first)) / span},${18 - 16 * right}`);
  // A single answer is a point, drawn as a short line.
  if (points.length === 1) points.push(`4,${18 - 16 * (pin.answers[0]?.right ?? 0)}`);
  const latest = Math.round(100 * (pin.answers.at(-1)?.right ?? 0));
  return (
    <svg
      className="pin-history"
      viewBox="0 0 100 20"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Right in ${latest} % of its trajectories, asked ${pin.answers.length} times`}
    >
      <path d="M0 18H100" className="pin-base" />
      <polyline points={points.join(' ')} />
    </svg>
  );
}
