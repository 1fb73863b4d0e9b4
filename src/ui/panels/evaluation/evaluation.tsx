/** Exact match on worlds that were never trained on: the first evaluation (of the base, if it was not skipped) beside the newest. */
import './evaluation.css';
import { useStudioState } from '../../studio-context';
import { percent } from '../../format';
import { Term } from '../../terms/term';
import type { TermId } from '../../terms/term-ids';

const ROWS: readonly { label: string; term: TermId; metric: string; help: string }[] = [
  { label: 'sampled', term: 'sampled', metric: 'emSampled', help: 'the actor alone, at temperature 1' },
  {
    label: '+ refiner',
    term: 'refiner',
    metric: 'emSampledRefined',
    help: 'sampled, then reviewed, cut and regenerated',
  },
  { label: 'greedy', term: 'greedy', metric: 'emGreedy', help: 'the actor alone, always the likeliest token' },
  {
    label: '+ refiner',
    term: 'refiner',
    metric: 'emGreedyRefined',
    help: 'greedy, then reviewed, cut and regenerated',
  },
  { label: 'training', term: 'training-worlds', metric: 'emTrain', help: 'the actor alone on the worlds it trains on' },
  {
    label: 'closed book',
    term: 'closed-book',
    metric: 'emClosedBook',
    help: 'with all passages blanked: what it knows by heart',
  },
  { label: 'real, greedy', term: 'greedy', metric: 'emRealGreedy', help: 'the actor alone on the real facts' },
  {
    label: 'real, closed',
    term: 'closed-book',
    metric: 'emRealClosedBook',
    help: 'the real facts with all passages blanked',
  },
];

export function Evaluation(): React.JSX.Element {
  const evaluations = useStudioState((state) => state.evaluations);
  const ceiling = useStudioState((state) => state.world?.ceilings.perfectReaderEm);
  const base = evaluations[0];
  const now = evaluations.length > 1 ? evaluations.at(-1) : undefined;
  return (
    <section className="panel evaluation" aria-label="Evaluation">
      <div className="panel-head">
        <h2>Evaluation</h2>
        <span className="small quiet">
          <Term id="exact-match">exact match</Term>, <Term id="redrawn">new worlds</Term>
        </span>
      </div>
      {base ? (
        <table className="small">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">measure</span>
              </th>
              {/* The first evaluation is the base's only where it was made before the first update. */}
              <th scope="col">{base.update === 0 ? 'base' : `upd. ${base.update}`}</th>
              <th scope="col">{now ? `upd. ${now.update}` : 'now'}</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.filter(({ metric }) => typeof base.metrics[metric] === 'number').map(
              ({ label, term, metric, help }) => (
                <tr key={metric} title={help}>
                  <th scope="row">
                    <Term id={term}>{label}</Term>
                  </th>
                  <td>{percent(base.metrics[metric])}</td>
                  <td>{percent(now?.metrics[metric])}</td>
                </tr>
              ),
            )}
            <tr title="a perfect reader with perfect queries">
              <th scope="row">
                <Term id="ceiling">ceiling</Term>
              </th>
              <td />
              <td>{percent(ceiling)}</td>
            </tr>
          </tbody>
        </table>
      ) : (
        <p className="empty small">Appears after the first evaluation, on worlds the network never trained on.</p>
      )}
    </section>
  );
}
