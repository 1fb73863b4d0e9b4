import './curve-plot.css';

export interface PlottedCurve {
  /** Tells curves apart in the style sheet. */
  kind: string;
  points: readonly { x: number; y: number }[];
}

interface CurvePlotProps {
  curves: readonly PlottedCurve[];
  /** Values of the axes that are written beside them; the first and the last are their ends. */
  xTicks: readonly number[];
  yTicks: readonly number[];
  xLabel: string;
  yLabel: string;
  /** Lies over the field, in its percents. */
  children?: React.ReactNode;
}

/** Place of a value between the ends of an axis, 0 to 1. */
export function share(value: number, ticks: readonly number[]): number {
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return high === low ? 0 : (value - low) / (high - low);
}

/** Curves over one pair of axes. What they say is told beside it, in words or in a table. */
export function CurvePlot({ curves, xTicks, yTicks, xLabel, yLabel, children }: CurvePlotProps): React.JSX.Element {
  const x = (value: number): number => 100 * share(value, xTicks);
  const y = (value: number): number => 100 * (1 - share(value, yTicks));
  return (
    <div className="curve-plot">
      <span className="curve-label">{yLabel}</span>
      <div className="curve-ticks-y" aria-hidden="true">
        {yTicks.map((tick) => (
          <span key={tick} style={{ top: `${y(tick)}%` }}>
            {tick}
          </span>
        ))}
      </div>
      <div className="curve-field">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {yTicks.map((tick) => (
            <line key={tick} className="curve-grid" x1="0" x2="100" y1={y(tick)} y2={y(tick)} />
          ))}
          {curves.map(({ kind, points }) => (
            <polyline
              key={kind}
              className={`curve curve-${kind}`}
              points={points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')}
            />
          ))}
        </svg>
        {children}
      </div>
      <div className="curve-ticks-x" aria-hidden="true">
        {xTicks.map((tick) => (
          <span key={tick} style={{ left: `${x(tick)}%` }}>
            {tick}
          </span>
        ))}
      </div>
      <span className="curve-label curve-label-x">{xLabel}</span>
    </div>
  );
}
