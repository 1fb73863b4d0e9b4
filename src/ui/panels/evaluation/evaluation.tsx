/** Exact match on worlds that were never trained on: the first evaluation (of the base, if it was not skipped) beside the newest. */
import './evaluation.css';
import { lazy, Suspense } from 'react';
import { useStudioState } from '../../studio-context';
import { percent } from '../../format';
import { Term } from '../../terms/term';
import type { TermId } from '../../terms/term-ids';
import { LessonLink } from '../../primitives/lesson-link';

// Numbers of the refiner, which come with an evaluation.
const Reading = lazy(async () => ({ default: (await import('./reading')).Reading }));

const ROWS: readonly { label: string; term: TermId; metric: string }[] = [
  { label: 'sampled', term: 'sampled', metric: 'emSampled' },
  {
    label: '+ refiner',
    term: 'refiner',
    metric: 'emSampledRefined',
  },
  { label: 'greedy', term: 'greedy', metric: 'emGreedy' },
  {
    label: '+ refiner',
    term: 'refiner',
    metric: 'emGreedyRefined',
  },
  { label: 'training', term: 'training-worlds', metric: 'emTrain' },
  {
    label: 'closed book',
    term: 'closed-book',
    metric: 'emClosedBook',
  },
  { label: 'real, greedy', term: 'greedy', metric: 'emRealGreedy' },
  {
    label: 'real, closed',
    term: 'closed-book',
    metric: 'emRealClosedBook',
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
        <h2>
          <Term id="evaluation">Evaluation</Term>
        </h2>
        <span className="small quiet">
          <Term id="exact-match" then=",">
            exact match
          </Term>{' '}
          <Term id="redrawn">new worlds</Term>
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
              <th scope="col">{base.update === 0 ? <Term id="base">base</Term> : `upd. ${base.update}`}</th>
              <th scope="col">{now ? `upd. ${now.update}` : 'now'}</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.filter(({ metric }) => typeof base.metrics[metric] === 'number').map(({ label, term, metric }) => (
              <tr key={metric}>
                <th scope="row">
                  <Term id={term}>{label}</Term>
                </th>
                <td>{percent(base.metrics[metric])}</td>
                <td>{percent(now?.metrics[metric])}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">
                <Term id="ceiling">ceiling</Term>
              </th>
              <td />
              <td>{percent(ceiling)}</td>
            </tr>
          </tbody>
        </table>
      ) : (
        <p className="empty small">
          Appears after the first evaluation, on worlds the network never trained on. <LessonLink to="train" />
        </p>
      )}
      {evaluations.some(({ metrics }) => typeof metrics['reviewAuc'] === 'number') && (
        <Suspense>
          <Reading evaluations={evaluations} />
        </Suspense>
      )}
    </section>
  );
}
