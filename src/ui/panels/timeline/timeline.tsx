/** The run so far on one line, and what of it is kept. */
import './timeline.css';
import { HISTORY_CAPACITY } from '../../../store/metric-history';
import type { TimelineMark } from '../../../store/studio-state';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

const MARK_LABEL: Readonly<Record<TimelineMark['kind'], string>> = {
  start: 'start',
  warmStart: 'warm start',
  evaluation: 'evaluation',
  reset: 'reset',
};

export function Timeline(): React.JSX.Element {
  const { history } = useStudio();
  const update = useStudioState((state) => state.update);
  const marks = useStudioState((state) => state.marks);
  useStudioState((state) => state.metricsVersion);
  // The scale grows in whole steps, so that the line does not creep with every update.
  const scale = 40 * 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, update) / 40)));
  const at = (value: number): string => `${(100 * value) / scale}%`;
  return (
    <section className="panel timeline" aria-label="Timeline">
      <div className="panel-head">
        <h2>Timeline</h2>
        <ul className="legend small">
          <li>
            <span className="timeline-key timeline-mark-evaluation" aria-hidden="true" /> evaluation
          </li>
          <li>
            <span className="timeline-key timeline-mark-start" aria-hidden="true" /> start, warm start or reset
          </li>
        </ul>
        <span className="small quiet timeline-kept">
          Kept: the numbers of {history.dropped > 0 ? `the last ${count(HISTORY_CAPACITY)} updates` : 'every update'},
          the trajectories of the newest batch only.
        </span>
      </div>
      <div className="timeline-track" role="img" aria-label={`Update ${update}; ${describe(marks)}`}>
        <span className="timeline-line" />
        <span className="timeline-done" style={{ width: at(update) }} />
        {spaced(marks, scale / 80).map((mark) => (
          <span
            key={`${mark.kind}-${mark.update}`}
            className={`timeline-mark ${mark.kind === 'evaluation' ? 'timeline-mark-evaluation' : 'timeline-mark-start'}`}
            style={{ left: at(mark.update) }}
            title={`${MARK_LABEL[mark.kind]}, update ${mark.update}`}
          />
        ))}
        <span className="timeline-head" style={{ left: at(update) }} />
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share} className="timeline-tick small quiet" style={{ left: `${100 * share}%` }}>
            {count(share * scale)}
          </span>
        ))}
      </div>
    </section>
  );
}

/** Evaluations of a long run would grow into one bar: of those that crowd, the first is drawn. */
function spaced(marks: readonly TimelineMark[], distance: number): TimelineMark[] {
  let last = -Infinity;
  return marks.filter((mark) => {
    if (mark.kind !== 'evaluation') return true;
    if (mark.update - last < distance) return false;
    last = mark.update;
    return true;
  });
}

function describe(marks: readonly TimelineMark[]): string {
  const evaluations = marks.filter((mark) => mark.kind === 'evaluation').length;
  return `${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'} so far`;
}
