import { memo } from 'react';
import { ghostKey } from '../../../store/run/ghost';
import type { ChartPoint } from '../../../recordings/metric-history';
import { axisSpan, axisTicks } from './axis';
import type { ChartSpec } from './chart-specs';
import { PLOT, PLOT_HEIGHT } from './plot-size';
import { stripPaths } from './strip-paths';

interface HeatStripProps {
  spec: ChartSpec;
  points: ChartPoint[];
  width: number;
}

/** Of a row's height where the run behind has the rest. */
const OWN_SHARE = 0.62;

/**
 * A row of cells for each series over the update: the darker, the larger its share. Drawn as a few paths, not as cells. The
 * run that lies behind is the thinner grey row under each.
 */
export const HeatStrip = memo(function HeatStrip({ spec, points, width }: HeatStripProps): React.JSX.Element | null {
  if (width === 0) return null;
  const [first, last] = axisSpan(points);
  const height = PLOT_HEIGHT[spec.place];
  const inner = { width: width - PLOT.left - PLOT.right, height: height - PLOT.top - PLOT.bottom };
  const rowHeight = inner.height / spec.series.length;
  const hasGhost = points.some((point) => spec.series.some(({ metric }) => (point[ghostKey(metric)] ?? null) !== null));
  const ownHeight = Math.round((hasGhost ? OWN_SHARE : 1) * (rowHeight - 1));
  const paths = (metric: string, height: number) => stripPaths(points, metric, [first, last], inner.width, height);
  return (
    <div role="img" aria-label={`${spec.title} over ${points.length} points; the table holds the numbers`}>
      <svg className="heat-strip" width={width} height={height}>
        {spec.series.map((series, row) => (
          <g key={series.metric} transform={`translate(${PLOT.left} ${PLOT.top + row * rowHeight})`}>
            <text x={-6} y={rowHeight / 2} dy="0.35em" textAnchor="end">
              {series.label}
            </text>
            {paths(series.metric, ownHeight).map(({ level, path }) => (
              <path key={level} d={path} fill={series.colour} fillOpacity={level} />
            ))}
            {hasGhost && (
              <g className="strip-ghost" transform={`translate(0 ${ownHeight})`}>
                {paths(ghostKey(series.metric), rowHeight - 2 - ownHeight).map(({ level, path }) => (
                  <path key={level} d={path} fillOpacity={level} />
                ))}
              </g>
            )}
          </g>
        ))}
        <path className="heat-axis" d={`M${PLOT.left} ${height - PLOT.bottom}H${width - PLOT.right}`} fill="none" />
        {axisTicks([first, last]).map((tick) => (
          <text
            key={tick}
            x={PLOT.left + ((tick - first) / (last - first)) * inner.width}
            y={height - 4}
            textAnchor="middle"
          >
            {tick}
          </text>
        ))}
      </svg>
    </div>
  );
});
