import { useEffect, useRef } from 'react';
import { metricValue } from '../../../recordings/metric-history';
import { fixed } from '../../format';
import { pacedChanges } from '../../paced';
import { useStudio } from '../../studio-context';
import { Term } from '../../terms/term';
import type { ChartCursor } from './chart-cursor';
import type { ChartSpec, SeriesSpec } from './chart-specs';
import { useReferences } from './use-references';

/** Legend and read-out in one: each series with its value at the cursor, or the newest one. */
export function SeriesLegend({ spec, cursor }: { spec: ChartSpec; cursor: ChartCursor }): React.JSX.Element {
  const references = useReferences(spec);
  return (
    <ul className="series-legend small">
      {spec.series.map((series) => (
        <li key={series.metric}>
          {spec.kind === 'lines' && <Sample colour={series.colour} dash={series.dash} />}
          {series.term ? <Term id={series.term}>{series.label}</Term> : series.label}{' '}
          <Value spec={spec} series={series} cursor={cursor} />
        </li>
      ))}
      {references.map(({ id, term, value, dash }) => (
        <li key={id}>
          <Sample colour="var(--ink-3)" dash={dash} />
          <Term id={term}>{id}</Term> <b>{fixed(value, spec.decimals)}</b>
        </li>
      ))}
    </ul>
  );
}

/** A piece of the line, as it is drawn. */
function Sample({ colour, dash }: { colour: string; dash: string | undefined }): React.JSX.Element {
  return (
    <svg width="14" height="8" aria-hidden="true">
      <path d="M0 4H14" stroke={colour} strokeWidth="2" {...(dash ? { strokeDasharray: dash } : {})} />
    </svg>
  );
}

interface ValueProps {
  spec: ChartSpec;
  series: SeriesSpec;
  cursor: ChartCursor;
}

/** Writes its text into the DOM itself: it changes with every mouse move and every update. */
function Value({ spec, series, cursor }: ValueProps): React.JSX.Element {
  const studio = useStudio();
  const { history } = studio;
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const show = (): void => {
      const row = cursor.update === null ? history.latest : history.nearest(cursor.update);
      const text = fixed(row ? metricValue(row, series.metric) : null, spec.decimals);
      if (element.current && element.current.textContent !== text) element.current.textContent = text;
    };
    show();
    const stopCursor = cursor.subscribe(show);
    const stopStore = pacedChanges(studio).subscribe(show);
    return () => {
      stopCursor();
      stopStore();
    };
  }, [cursor, history, studio, series, spec]);
  return (
    <b
      ref={element}
      className="series-value"
      data-metric={series.metric}
      style={{ minWidth: `${spec.decimals + 2}ch` }}
    />
  );
}
