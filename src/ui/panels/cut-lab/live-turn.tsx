/** The step at the scissors as its model wrote it: another query, other passages, or another word, and going on from there. */
import { useMemo, useState } from 'react';
import { problemText } from '../../../store/lab/live/connection';
import {
  alternativesAt,
  goOnWithPassages,
  goOnWithQuery,
  goOnWithToken,
  turnOf,
  wordsOf,
} from '../../../store/lab/live/live-turn';
import type { Piece, Turn } from '../../../store/lab/live/live-turn';
import type { LiveBench } from '../../../store/state/lab-state';
import { probability } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

export function LiveTurn({ live }: { live: LiveBench }): React.JSX.Element | null {
  const studio = useStudio();
  const step = useStudioState((state) => state.lab.step);
  const busy = useStudioState((state) => state.lab.cutAsked !== null);
  const retriever = useStudioState((state) => state.live?.servers.retriever ?? null);
  const turn = useMemo(() => turnOf(live, step), [live, step]);
  if (turn === null) return null;
  const { query, passages } = turn;
  return (
    <details className="lab-part live-turn">
      <summary>Change step {step}, and let it go on</summary>
      {query && (
        <Edit
          key={`query ${query.from} ${query.text}`}
          label="Query"
          piece={query}
          disabled={busy || retriever === null}
          button="Search with this query"
          onGo={(words) => void goOnWithQuery(studio, turn, words)}
        />
      )}
      {passages && (
        <Edit
          key={`passages ${passages.from} ${passages.text}`}
          label="Passages"
          piece={passages}
          disabled={busy}
          button="Go on with these passages"
          onGo={(words) => void goOnWithPassages(studio, turn, words)}
        />
      )}
      <Words key={`${turn.written.from} ${turn.written.text}`} live={live} turn={turn} busy={busy} />
    </details>
  );
}

interface EditProps {
  label: string;
  piece: Piece;
  button: string;
  disabled: boolean;
  onGo: (words: string) => void;
}

function Edit({ label, piece, button, disabled, onGo }: EditProps): React.JSX.Element {
  const [words, setWords] = useState(piece.text.trim());
  return (
    <form
      className="live-edit"
      onSubmit={(event) => {
        event.preventDefault();
        onGo(words);
      }}
    >
      <label>
        <span className="small quiet">{label}</span>
        <textarea
          className="field"
          rows={label === 'Query' ? 1 : 5}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={disabled || words.trim() === ''}>
        {button}
      </button>
    </form>
  );
}

/** What it wrote, word by word. Choosing one shows what else could stand there. */
function Words({ live, turn, busy }: { live: LiveBench; turn: Turn; busy: boolean }): React.JSX.Element {
  const studio = useStudio();
  const able = useStudioState((state) => state.live?.abilities?.topLogProbs === true);
  const [chosen, setChosen] = useState<number | null>(null);
  const [told, setTold] = useState<{ at: number; likely: [string, number][]; problem: string | null } | null>(null);
  const words = wordsOf(live, turn);
  if (!able)
    return <p className="small quiet">This server gives no log-probabilities, so no alternatives of a word.</p>;
  const choose = async (at: number): Promise<void> => {
    setChosen(at);
    try {
      setTold({ at, likely: await alternativesAt(studio, at), problem: null });
    } catch (error) {
      setTold({ at, likely: [], problem: problemText(error) });
    }
  };
  // An answer about another word, which came late, is none to this one.
  const shown = told?.at === chosen ? told : null;
  return (
    <>
      <p className="small quiet">Choose a word: what else could stand there, and how likely it is.</p>
      <div className="token-row" role="group" aria-label={`Words of step ${turn.step}`}>
        {words.map(({ at, word }) => (
          <button key={at} type="button" className="tok" aria-pressed={at === chosen} onClick={() => void choose(at)}>
            {word.trim()}
          </button>
        ))}
      </div>
      {shown?.problem && <p role="alert">{shown.problem}</p>}
      {shown && shown.likely.length > 0 && (
        <div className="alternatives">
          <ol>
            {shown.likely.map(([token, share]) => (
              <li key={token}>
                <button
                  type="button"
                  className="button plain"
                  disabled={busy}
                  onClick={() => void goOnWithToken(studio, turn, shown.at, token)}
                >
                  {token.trim() === '' ? JSON.stringify(token) : token}
                </button>
                <span className="alternative-bar" style={{ '--share': share }} />
                <span className="small">{probability(share)}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </>
  );
}
