import { shownConfig } from '../../../store/run/status';
import { count, percent } from '../../format';
import { useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';
import { LessonLink } from '../../primitives/lesson-link';

const METRIC = 'emGreedy';

/** Exact match of the actor alone on worlds it never saw: now, at the first evaluation, and what a perfect reader would reach. */
export function Learnt(): React.JSX.Element {
  const first = useStudioState((state) => state.evaluations[0]);
  const base = first?.metrics[METRIC] ?? null;
  const now = useStudioState((state) => state.evaluations.at(-1)?.metrics[METRIC] ?? null);
  const ceiling = useStudioState((state) => state.world?.ceilings.perfectReaderEm ?? null);
  const every = useStudioState((state) => shownConfig(state).evalEvery);
  if (now === null) {
    return (
      <p className="small quiet">
        {every === 0
          ? 'How many new questions it answers is not measured in this run (Evaluate every: 0).'
          : `How many new questions it answers is measured every ${count(every)} updates.`}{' '}
        <LessonLink to="train" />
      </p>
    );
  }
  return (
    <div className="learnt">
      <p className="learnt-number">{percent(now, 0)}</p>
      <div className="learnt-facts">
        <p>
          of new questions answered <Term id="exact-match">exactly</Term> in{' '}
          <Term id="redrawn">worlds it never saw</Term>
        </p>
        <span className="learnt-bar" aria-hidden="true">
          <span className="learnt-now" style={{ width: `${100 * now}%` }} />
          {base !== null && <span className="learnt-mark" style={{ left: `${100 * base}%` }} />}
          {ceiling !== null && <span className="learnt-mark learnt-ceiling" style={{ left: `${100 * ceiling}%` }} />}
        </span>
        <p className="small quiet">
          {/* As in the evaluation: one that was made later is not the base's. */}
          {first?.update === 0 ? <Term id="base">base</Term> : `upd. ${first?.update}`} {percent(base, 0)}{' '}
          <span aria-label="then">→</span> now {percent(now, 0)} · <Term id="ceiling">a perfect reader</Term>{' '}
          <span className="learnt-figure">{percent(ceiling, 0)}</span>
        </p>
      </div>
    </div>
  );
}
