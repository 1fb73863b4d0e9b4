/** What the last update that a trajectory took part in made of its tokens. */
import './update-change.css';
import { useEffect, useState } from 'react';
import { refusalText } from '../../../store/run/ask-engine';
import type { CurrentView } from '../../../store/view/current-view';
import type { SideName, TokenView } from '../../../recordings/decode-trajectory';
import { askChange, isMove, summariseChange } from '../../../store/lab/update-change';
import type { TokenMove, UpdateChange as Change } from '../../../store/lab/update-change';
import type { StoredBatch } from '../../../recordings/stored-batch';
import { count, fixed, signed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

/** Nats at which a token is as dark as can be. */
const FULL = 0.5;
const ASK_AFTER_MS = 150;

/** @param engine the trajectory on screen where it was sampled; no branch: those are never trained on */
export function UpdateChange({ view, engine }: { view: CurrentView; engine: StoredBatch }): React.JSX.Element | null {
  const [side, setSide] = useState<SideName>('final');
  const [table, setTable] = useState(false);
  const { update } = engine.batch;
  const { change, problem } = useChange(view, engine, side);
  if (update < 1) return null;
  return (
    <section className="lab-part" aria-label="What the update changed">
      <div className="lab-part-head">
        <h3>What update {count(update)} changed</h3>
        {view.trajectory.cut > 0 && (
          <div className="side-picker" role="group" aria-label="Trajectory that the update changed">
            {(['draft', 'final'] as const).map((name) => (
              <button
                key={name}
                type="button"
                className="button plain"
                aria-pressed={side === name}
                onClick={() => setSide(name)}
              >
                {name}
              </button>
            ))}
          </div>
        )}
        <button
          type="button"
          className="button plain"
          aria-pressed={table}
          aria-label="Table of what the update changed"
          disabled={change === null}
          onClick={() => setTable(!table)}
        >
          Table
        </button>
      </div>
      {problem !== null && (
        <p className="small" role="alert">
          {problem}
        </p>
      )}
      {change === null ? (
        problem === null && <p className="small quiet">Asking the engine for both weights …</p>
      ) : (
        <>
          <Summary change={change} />
          {table ? <MoveTable change={change} /> : <Moves tokens={change.tokens} />}
        </>
      )}
    </section>
  );
}

function useChange(view: CurrentView, engine: StoredBatch, side: SideName) {
  const studio = useStudio();
  const pinned = useStudioState((state) => state.shownPin !== null);
  const [change, setChange] = useState<Change | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { trajectory } = view;
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      void askChange(studio, engine, trajectory, side, pinned)
        .then((answer) => wanted && (setChange(answer), setProblem(null)))
        .catch((error: unknown) => wanted && (setChange(null), setProblem(refusalText(error))));
    }, ASK_AFTER_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [studio, engine, trajectory, side, pinned]);
  return { change, problem };
}

function Summary({ change }: { change: Change }): React.JSX.Element {
  const { advantage, passes, clipLow, clipHigh, trained: part } = change;
  const { written, trained, clipped, rose, fell, meanChange } = summariseChange(change);
  return (
    <p className="small">
      {trained === 0 ? (
        part === 'refiner' ? (
          'A step of the refiner alone: these tokens moved with the weights, by no advantage of their own.'
        ) : (
          'Nobody was trained on these tokens: they moved with the weights, by no advantage of their own.'
        )
      ) : (
        <>
          <Term id="advantage">Advantage</Term> <b>{signed(advantage)}</b>
          {advantage === 0
            ? ', so nothing asked for more or less of'
            : `, so ${advantage > 0 ? 'more' : 'less'} of`}{' '}
          {trained} tokens: <b>{rose}</b> rose, <b>{fell}</b> fell.{' '}
          <Term id="clip" then=":">
            Clipped
          </Term>{' '}
          <b>{clipped}</b>
          {passes === 1
            ? ' (in a single pass every ratio is 1, so none can be).'
            : ` (ratio outside ${fixed(1 - clipLow)} to ${fixed(1 + clipHigh)} on the advantage’s side, in the last of ${passes} passes).`}
        </>
      )}{' '}
      <span className="quiet">
        Mean change {signed(meanChange, 4)} <Term id="nats">nats</Term> over {written} written tokens. An update is of
        all trajectories at once, so a token may move against its own advantage.
      </span>
    </p>
  );
}

/** A line for each step, a number under each token; what was retrieved is only counted. */
function Moves({ tokens }: { tokens: Change['tokens'] }): React.JSX.Element {
  const steps = [...new Set(tokens.map(({ step }) => step))];
  return (
    <ol className="moves">
      {steps.map((step) => (
        <li key={step}>
          <span className="small quiet moves-step">{step}</span>
          {runsOf(tokens.filter((token) => token.step === step)).map((run) =>
            Array.isArray(run) ? (
              <span key={run[0]?.position} className="small quiet move-retrieved">
                {run.length} retrieved
              </span>
            ) : (
              <Move key={run.position} move={run} />
            ),
          )}
        </li>
      ))}
    </ol>
  );
}

/** Written tokens one by one, and retrieved ones together. */
function runsOf(tokens: Change['tokens']): (TokenMove | TokenView[])[] {
  const runs: (TokenMove | TokenView[])[] = [];
  for (const token of tokens) {
    const last = runs.at(-1);
    if (isMove(token)) runs.push(token);
    else if (Array.isArray(last)) last.push(token);
    else runs.push([token]);
  }
  return runs;
}

function Move({ move }: { move: TokenMove }): React.JSX.Element {
  const by = move.after - move.before;
  // An arrow beside 0.000 would say more than can be seen; + 0 makes the 0 of a rounded fall a plain one.
  const shown = Number(by.toFixed(3)) + 0;
  return (
    <span
      className="move"
      data-trained={move.trained}
      data-clipped={move.clipped}
      style={{ '--heat': Math.min(1, Math.abs(by) / FULL) }}
    >
      <span className="move-word">{move.text}</span>
      <span className="small move-by">
        {shown > 0 ? '▲' : shown < 0 ? '▼' : ''}
        {signed(shown, 3)}
      </span>
      {move.clipped && <span className="small">clipped</span>}
    </span>
  );
}

function MoveTable({ change }: { change: Change }): React.JSX.Element {
  const sign = Math.sign(change.advantage);
  return (
    <div className="moves-table" tabIndex={0} role="region" aria-label="Tokens that the update changed">
      <table className="tokens small">
        <thead>
          <tr>
            <th scope="col">
              <Term id="token">token</Term>
            </th>
            <th scope="col">
              <Term id="step">step</Term>
            </th>
            <th scope="col">
              <Term id="log-probability">log p before</Term>
            </th>
            <th scope="col">
              <Term id="log-probability">log p after</Term>
            </th>
            <th scope="col">
              change, <Term id="nats">nats</Term>
            </th>
            <th scope="col">
              <Term id="ratio">ratio</Term>
            </th>
            <th scope="col">
              <Term id="advantage">advantage</Term>
            </th>
            <th scope="col">
              <Term id="clip">clipped</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          {change.tokens.filter(isMove).map((move) => (
            <tr key={move.position}>
              <td className="token">{move.text}</td>
              <td>{move.step}</td>
              <td>{fixed(move.before, 3)}</td>
              <td>{fixed(move.after, 3)}</td>
              <td>{signed(move.after - move.before, 3)}</td>
              <td>{fixed(move.ratio, 3)}</td>
              <td>{!move.trained ? 'not trained' : sign > 0 ? '+' : sign < 0 ? '\u2212' : '0'}</td>
              <td>{move.clipped ? 'yes' : 'no'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
