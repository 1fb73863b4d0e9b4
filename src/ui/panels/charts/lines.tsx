import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import { ghostKey } from '../../../store/run/ghost';
import type { ChartPoint } from '../../../recordings/metric-history';
import { useStudioState } from '../../studio-context';
import { axisSpan, axisTicks, tickLabel } from './axis';
import type { ChartSpec } from './chart-specs';
import { PLOT, PLOT_HEIGHT } from './plot-size';
import { useReferences } from './use-references';

interface LinesProps {
  spec: ChartSpec;
  points: ChartPoint[];
  width: number;
}

const TICK = { fontSize: 13, fill: 'var(--ink-3)' } as const;

export const Lines = memo(function Lines({ spec, points, width }: LinesProps): React.JSX.Element | null {
  const references = useReferences(spec);
  const ghost = useStudioState((state) => state.ghost !== null);
  if (width === 0) return null;
  return (
    <div role="img" aria-label={`${spec.title} over ${points.length} points; the table holds the numbers`}>
      <LineChart
        width={width}
        height={PLOT_HEIGHT[spec.place]}
        data={points}
        margin={{ top: PLOT.top, right: PLOT.right, bottom: 0, left: 0 }}
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
          height={PLOT.bottom}
          stroke="var(--line-strong)"
        />
        <YAxis
          width={PLOT.left}
          domain={spec.limits ? [...spec.limits] : [0, 'auto']}
          allowDataOverflow={false}
          tickCount={3}
          tickFormatter={tickLabel}
          tick={TICK}
          tickSize={0}
          tickMargin={6}
          tickLine={false}
          axisLine={false}
        />
        {references.map(({ id, value, dash }) => (
          <ReferenceLine key={id} y={value} stroke="var(--ink-3)" strokeDasharray={dash} />
        ))}
        {ghost &&
          spec.series.map((series) => (
            <Line
              key={ghostKey(series.metric)}
              dataKey={ghostKey(series.metric)}
              stroke={series.colour}
              strokeOpacity={0.55}
              strokeWidth={1}
              strokeDasharray="1 2"
              dot={false}
              activeDot={false}
              isAnimationActive={false}
              type="linear"
              connectNulls
            />
          ))}
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
