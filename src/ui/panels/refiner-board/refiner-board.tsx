/** What the reviews of the batch on screen were worth, and where they cut. */
import './refiner-board.css';
import { BOARD_VERDICTS } from '../../../recordings/decode-trajectory';
import type { BatchSummary } from '../../../recordings/batch-summary';
import { shownConfig } from '../../../store/run/status';
import { percent } from '../../format';
import { usePacedState } from '../../paced';
import { Term } from '../../terms/term';
import { useStudio, useStudioState } from '../../studio-context';
import { LessonLink } from '../../primitives/lesson-link';

const RATE_METRIC = {
  saved: 'savedRate',
  harmed: 'harmedRate',
  wasted: 'wastedRate',
  missed: 'missedRate',
} as const;

const MEANING = {
  saved: 'wrong → right',
  harmed: 'right → wrong',
  wasted: 'cut, no change',
  missed: 'wrong, kept',
} as const;

export function RefinerBoard(): React.JSX.Element {
  const studio = useStudio();
  useStudioState((state) => state.batchVersion);
  const refiner = useStudioState((state) => shownConfig(state).refiner);
  useStudioState((state) => state.heldUpdate);
  const file = useStudioState((state) => state.rollouts.file);
  const shown = file ? studio.rollouts.shelf?.shown : studio.batches.shown;
  const summary = shown?.summary ?? null;
  return (
    <section className="panel board" aria-label="Refiner board">
      <div className="panel-head">
        <h2>Refiner board</h2>
      </div>
      <div className="panel-body">
        {file && !shown?.hasRefiner ? (
          <p className="small quiet">
            The file has no drafts: each line is one trajectory. Lines with “draft” and “final” show what a review
            changed. <LessonLink to="cut" />
          </p>
        ) : !file && refiner === 'none' ? (
          <p className="small quiet">
            This run has no refiner: every draft is final. Choose another preset in Settings to see one work.{' '}
            <LessonLink to="cut" />
          </p>
        ) : (
          <>
            <Verdicts summary={summary} />
            <CutHistogram summary={summary} />
            {summary === null && <LessonLink to="cut" />}
          </>
        )}
      </div>
    </section>
  );
}

function Verdicts({ summary }: { summary: BatchSummary | null }): React.JSX.Element {
  const { history, batches } = useStudio();
  usePacedState((state) => state.metricsVersion);
  const held = useStudioState((state) => state.heldUpdate);
  const row = held === null ? history.latest : history.nearest(batches.shown?.batch.update ?? held);
  const recorded = useStudioState((state) => state.rollouts.file !== null);
  const metrics = recorded ? undefined : row?.metrics;
  return (
    <table className="verdicts">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">review</th>
          <th scope="col">trajectories of this batch</th>
          <th scope="col">rate of this update</th>
        </tr>
      </thead>
      <tbody>
        {BOARD_VERDICTS.map((verdict) => (
          <tr key={verdict}>
            <th scope="row">
              <Term id={verdict}>{verdict}</Term>
              <span className="small quiet">{MEANING[verdict]}</span>
            </th>
            <td className="verdict-count">{summary ? summary.verdicts[verdict] : '–'}</td>
            <td className="small">{recorded ? '' : percent(metrics?.[RATE_METRIC[verdict]])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CutHistogram({ summary }: { summary: BatchSummary | null }): React.JSX.Element {
  const cuts = summary?.cuts ?? [0, 0, 0, 0, 0, 0];
  const most = Math.max(...cuts, 1);
  return (
    <figure className="cut-histogram">
      <figcaption className="small">
        <Term id="review">Reviews</Term> of this batch: accepted, or cut at step
      </figcaption>
      <ol>
        {cuts.map((number, cut) => (
          <li key={cut}>
            <span className="small cut-number">{summary ? number : ''}</span>
            <span className="cut-bar">
              <span className={cut === 0 ? 'cut-accept' : ''} style={{ height: `${(100 * number) / most}%` }} />
            </span>
            <span className="small quiet">{cut === 0 ? <Term id="accept">acc.</Term> : cut}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
