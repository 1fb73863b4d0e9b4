import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { ChartPoint } from '../../../store/metric-history';
import { useStudio, useStudioState } from '../../studio-context';
import { axisSpan, axisTicks } from './axis';
import { ChartTable } from './chart-table';
import type { ChartCursor } from './chart-cursor';
import type { ChartSpec } from './chart-specs';
import type { RedrawScheduler } from './redraw-scheduler';
import { SeriesLegend } from './series-legend';
import { useChartPoints } from './use-chart-points';
import { useElementWidth } from './use-element-width';

const HEIGHT = 128;
/** Left edge and right margin of the plot: equal in all charts, so that their axes line up. */
const PLOT_LEFT = 48;
const PLOT_RIGHT = 12;

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
  const width = useElementWidth(plot);
  return (
    <figure className="chart" aria-label={spec.title}>
      <figcaption className="chart-head">
        <span>
          <b>{spec.title}</b> <span className="small quiet">{spec.unit}</span>
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
        <SeriesLegend spec={spec} cursor={cursor} />
      </figcaption>
      <div className="plot" ref={plot}>
        {showTable ? (
          <ChartTable spec={spec} points={points} />
        ) : points.length === 0 ? (
          <p className="empty small">Each update adds a point here.</p>
        ) : (
          <>
            <Lines spec={spec} points={points} width={width} />
            <CursorLine points={points} width={width} cursor={cursor} />
          </>
        )}
      </div>
    </figure>
  );
}

interface LinesProps {
  spec: ChartSpec;
  points: ChartPoint[];
  width: number;
}

const TICK = { fontSize: 12, fill: 'var(--ink-3)' } as const;

const Lines = memo(function Lines({ spec, points, width }: LinesProps): React.JSX.Element | null {
  const ceiling = useStudioState((state) => (spec.ceiling ? (state.world?.ceilings[spec.ceiling] ?? null) : null));
  if (width === 0) return null;
  return (
    <div role="img" aria-label={`${spec.title} over ${points.length} points; the table holds the numbers`}>
      <LineChart
        width={width}
        height={HEIGHT}
        data={points}
        margin={{ top: 8, right: PLOT_RIGHT, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="update"
          type="number"
          domain={axisSpan(points)}
          ticks={axisTicks(axisSpan(points))}
          interval={0}
          tick={TICK}
          tickLine={false}
          height={20}
          stroke="var(--line-strong)"
        />
        <YAxis
          width={PLOT_LEFT}
          domain={spec.limits ? [...spec.limits] : [0, 'auto']}
          allowDataOverflow={false}
          tickCount={3}
          tick={TICK}
          tickSize={0}
          tickMargin={6}
          tickLine={false}
          axisLine={false}
        />
        {ceiling !== null && <ReferenceLine y={ceiling} stroke="var(--line-strong)" strokeDasharray="1 3" />}
        {spec.series.map((series) => (
          <Line
            key={series.metric}
            dataKey={series.metric}
            stroke={series.colour}
            strokeWidth={1.5}
            {...(series.dash ? { strokeDasharray: series.dash } : {})}
            dot={points.length < 3 ? { r: 2, fill: series.colour, strokeWidth: 0 } : false}
            activeDot={false}
            isAnimationActive={false}
            type="linear"
          />
        ))}
      </LineChart>
    </div>
  );
});

interface CursorLineProps {
  points: ChartPoint[];
  width: number;
  cursor: ChartCursor;
}

/** Sets the shared cursor from the mouse and draws it; both without React. */
function CursorLine({ points, width, cursor }: CursorLineProps): React.JSX.Element {
  const { history } = useStudio();
  const line = useRef<HTMLSpanElement>(null);
  const [first, last] = axisSpan(points);
  const plotWidth = width - PLOT_LEFT - PLOT_RIGHT;
  useEffect(() => {
    const show = (update: number | null): void => {
      const element = line.current;
      if (!element) return;
      const inside = update !== null && update >= first && update <= last;
      element.hidden = !inside;
      if (inside) element.style.translate = `${PLOT_LEFT + ((update - first) / (last - first)) * plotWidth}px 0`;
    };
    show(cursor.update);
    return cursor.subscribe(show);
  }, [cursor, first, last, plotWidth]);
  const move = (event: React.PointerEvent<HTMLDivElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - PLOT_LEFT;
    const update = Math.round(first + (x / plotWidth) * (last - first));
    cursor.set(history.nearest(update)?.update ?? null);
  };
  return (
    <div className="cursor-area" onPointerMove={move} onPointerLeave={() => cursor.set(null)}>
      <span className="cursor-line" ref={line} hidden />
    </div>
  );
}
