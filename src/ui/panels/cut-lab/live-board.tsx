/** The refiner over all rollouts of the file: what its cuts did, and how often no other choice was better. */
import { useState } from 'react';
import { modelLabel } from '../../../lib/model-label';
import { VERDICTS } from '../../../recordings/decode-trajectory';
import { BOARD_REPLICATES, cancelBoard, runBoard } from '../../../store/lab/live/live-review';
import type { LiveBoard as Board, ReviewedBy } from '../../../store/state/live-state';
import { count, fixed, percent } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

const MEANING = {
  saved: 'wrong → right',
  harmed: 'right → wrong',
  wasted: 'cut, no change',
  missed: 'wrong, kept',
  kept: 'right, kept',
} as const;

export function LiveBoard({ hasReviews }: { hasReviews: boolean }): React.JSX.Element {
  const studio = useStudio();
  const board = useStudioState((state) => state.live?.board);
  const model = useStudioState((state) => state.live?.abilities?.model ?? '');
  const [by, setBy] = useState<ReviewedBy>(hasReviews ? 'file' : 'model');
  return (
    <section className="lab-part" aria-label="Refiner over the file">
      <div className="lab-part-head live-board-head">
        <h3>Refiner over the file</h3>
        {hasReviews && (
          <select
            className="field"
            aria-label="Whose review"
            value={by}
            disabled={board?.running}
            onChange={(event) => setBy(event.target.value === 'file' ? 'file' : 'model')}
          >
            <option value="file">the file’s review</option>
            <option value="model">{modelLabel(model)}, by the paper’s prompt</option>
          </select>
        )}
        {board?.running ? (
          <button type="button" className="button" onClick={() => cancelBoard(studio)}>
            Cancel
          </button>
        ) : (
          <button type="button" className="button" onClick={() => void runBoard(studio, by)}>
            Review all
          </button>
        )}
      </div>
      <p className="small quiet">
        Every rollout of the list is reviewed, cut, and each of its cuts is regenerated {BOARD_REPLICATES} times. It
        goes on while you look at other things.
      </p>
      {board && <Counted board={board} />}
    </section>
  );
}

function Counted({ board }: { board: Board }): React.JSX.Element {
  const seeded = useStudioState((state) => state.live?.abilities?.seeded !== false);
  const { running, of, done, left, reason, counts, cut, best, regret, gain, problem, seed } = board;
  return (
    <>
      <p className="small" role="status">
        {count(done)} of {count(of)} counted{running ? ' …' : '.'}
        {seeded && (seed === null ? ' Seeds: as on the bench.' : ` Seed: ${seed}, as on the bench.`)}
        {left > 0 && ` ${count(left)} left out: ${reason ?? ''}`}
      </p>
      {problem !== null && <p role="alert">{problem} What is counted stays.</p>}
      {done > 0 && (
        <table className="live-counts small">
          <thead>
            <tr>
              <th scope="col">review</th>
              <th scope="col">rollouts</th>
              <th scope="col">share</th>
            </tr>
          </thead>
          <tbody>
            {VERDICTS.map((verdict) => (
              <tr key={verdict}>
                <th scope="row">
                  {verdict} <span className="quiet">{MEANING[verdict]}</span>
                </th>
                <td>{count(counts[verdict])}</td>
                <td>{percent(counts[verdict] / done)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {done > 0 && (
        <p className="small">
          Cut: <b>{percent(cut / done)}</b>. No other choice was better in <b>{percent(best / done)}</b>; mean regret{' '}
          <b>{fixed(regret / done)}</b>. Reward above the drafts: <b>{fixed(gain / done)}</b>.
        </p>
      )}
    </>
  );
}
