import { useMemo, useRef, useState } from 'react';
import { withGhost } from '../../../store/run/ghost';
import { useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';
import type { ChartCursor } from './chart-cursor';
import { ChartMenu } from './chart-menu';
import type { ChartSpec } from './chart-specs';
import { ChartTable } from './chart-table';
import { CursorArea } from './cursor-area';
import { HeatStrip } from './heat-strip';
import { Lines } from './lines';
import { PLOT_HEIGHT } from './plot-size';
import type { RedrawScheduler } from './redraw-scheduler';
import { SeriesLegend } from './series-legend';
import { useChartPoints } from './use-chart-points';
import { useElementWidth } from './use-element-width';
import { LessonLink } from '../../primitives/lesson-link';

interface ChartProps {
  spec: ChartSpec;
  cursor: ChartCursor;
  scheduler: RedrawScheduler;
}

export function Chart({ spec, cursor, scheduler }: ChartProps): React.JSX.Element {
  const [showTable, setShowTable] = useState(false);
  const plot = useRef<HTMLDivElement>(null);
  const metrics = useMemo(() => spec.series.map((series) => series.metric), [spec]);
  const points = useChartPoints(metrics, plot, scheduler);
  const ghost = useStudioState((state) => state.ghost);
  const drawn = useMemo(() => withGhost(points, ghost, metrics), [points, ghost, metrics]);
  const width = useElementWidth(plot);
  const Picture = spec.kind === 'strip' ? HeatStrip : Lines;
  return (
    <figure className={`chart chart-${spec.kind} chart-${spec.place}`} aria-label={spec.title}>
      <figcaption className="chart-head">
        <span className="chart-title">
          <b>
            <Term id={spec.term}>{spec.title}</Term>
          </b>{' '}
          <span className="small quiet">{spec.unitTerm ? <Term id={spec.unitTerm}>{spec.unit}</Term> : spec.unit}</span>
        </span>
        <button
          type="button"
          className="button plain"
          aria-pressed={showTable}
          aria-label={`Table of ${spec.title}`}
          onClick={() => setShowTable(!showTable)}
        >
          Table
        </button>
        <ChartMenu spec={spec} plot={plot} drawn={!showTable && drawn.length > 0} />
        <p className="small quiet chart-reading">{spec.reading}</p>
        <SeriesLegend spec={spec} cursor={cursor} />
      </figcaption>
      <div className="plot" ref={plot} style={{ '--plot-height': `${PLOT_HEIGHT[spec.place]}px` }}>
        {showTable ? (
          <ChartTable spec={spec} points={points} />
        ) : drawn.length === 0 ? (
          <p className="empty small">
            Each update adds a point here. <LessonLink to={spec.lesson} />
          </p>
        ) : (
          <>
            <Picture spec={spec} points={drawn} width={width} />
            <CursorArea spec={spec} points={drawn} width={width} cursor={cursor} />
          </>
        )}
      </div>
    </figure>
  );
}
