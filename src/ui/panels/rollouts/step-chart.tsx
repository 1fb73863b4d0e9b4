import { useMemo, useRef } from 'react';
import { fixed } from '../../format';
import { Term } from '../../terms/term';
import { axisTicks, tickLabel } from '../charts/axis';
import { useElementWidth } from '../charts/use-element-width';
import { valueSpan } from './step-chart-specs';
import type { StepChartSpec, StepPoint, StepSeries } from './step-chart-specs';
import { LessonLink } from '../../primitives/lesson-link';

const PLOT = { height: 120, left: 48, right: 12, top: 8, bottom: 20 } as const;
/** So many points are drawn as dots too; of more the line is enough. */
const MOST_DOTS = 60;

interface StepChartProps {
  spec: StepChartSpec;
  /** Ascending by step, two or more. */
  points: readonly StepPoint[];
  /** Of all charts, a step. */
  cursor: number | null;
  /** The step that is listed. */
  chosen: number | null;
  onCursor: (step: number | null) => void;
  onChoose: (step: number) => void;
}

export function StepChart(props: StepChartProps): React.JSX.Element {
  const { spec, points, cursor } = props;
  const shown = points.find(({ step }) => step === cursor) ?? points.at(-1);
  return (
    <figure className="step-chart" aria-label={spec.title}>
      <figcaption>
        <b>{spec.term === null ? spec.title : <Term id={spec.term}>{spec.title}</Term>}</b>{' '}
        <span className="small quiet">{spec.unit}</span>
        {spec.unknown === null && shown && (
          <span className="small step-chart-values">
            step {shown.step}:{' '}
            {spec.series.map((series, k) => (
              <span key={series.label}>
                {k > 0 && ', '}
                {spec.series.length > 1 && `${series.label} `}
                <b>{fixed(series.valueOf(shown), spec.decimals)}</b>
              </span>
            ))}
          </span>
        )}
      </figcaption>
      {spec.unknown === null ? (
        <Plot {...props} />
      ) : (
        <p className="empty small">
          {spec.unknown} <LessonLink to="one-question" />
        </p>
      )}
    </figure>
  );
}

function Plot({ spec, points, cursor, chosen, onCursor, onChoose }: StepChartProps): React.JSX.Element {
  const plot = useRef<HTMLDivElement>(null);
  const width = useElementWidth(plot);
  const first = points[0]?.step ?? 0;
  const last = Math.max(first + 1, points.at(-1)?.step ?? 0);
  const inner = Math.max(1, width - PLOT.left - PLOT.right);
  const xOf = (step: number): number => PLOT.left + ((step - first) / (last - first)) * inner;
  const at = (event: React.MouseEvent<HTMLDivElement>): number => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return nearest(points, first + ((x - PLOT.left) / inner) * (last - first));
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const place = points.findIndex(({ step }) => step === cursor);
    const from = place < 0 ? points.length - 1 : place;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: points.length - 1 }[event.key];
    const here = points[from]?.step;
    if (event.key === 'Enter' && here !== undefined) onChoose(here);
    else if (to !== undefined) {
      event.preventDefault();
      onCursor(points[Math.min(points.length - 1, Math.max(0, to))]?.step ?? null);
    }
  };
  const shown = points.find(({ step }) => step === cursor) ?? points.at(-1);
  const values = spec.series.map(({ label, valueOf }) => `${label} ${fixed(shown && valueOf(shown), spec.decimals)}`);
  return (
    <div
      className="step-plot"
      ref={plot}
      role="slider"
      tabIndex={0}
      aria-label={`${spec.title}: step under the cursor; Enter lists it`}
      aria-valuemin={first}
      aria-valuemax={last}
      aria-valuenow={shown?.step ?? last}
      aria-valuetext={`step ${shown?.step ?? last}: ${values.join(', ')}`}
      onPointerMove={(event) => onCursor(at(event))}
      onPointerLeave={() => onCursor(null)}
      onBlur={() => onCursor(null)}
      onClick={(event) => onChoose(at(event))}
      onKeyDown={onKeyDown}
    >
      {width > 0 && <Picture spec={spec} points={points} width={width} xOf={xOf} />}
      {chosen !== null && chosen >= first && (
        <span className="step-chosen" style={{ translate: `${xOf(chosen)}px 0` }} />
      )}
      {cursor !== null && <span className="step-cursor" style={{ translate: `${xOf(cursor)}px 0` }} />}
    </div>
  );
}

interface PictureProps {
  spec: StepChartSpec;
  points: readonly StepPoint[];
  width: number;
  xOf: (step: number) => number;
}

function Picture({ spec, points, width, xOf }: PictureProps): React.JSX.Element {
  const [low, high] = useMemo(() => {
    const values = spec.series.flatMap(({ valueOf }) => points.map(valueOf)).filter((value) => value !== null);
    return valueSpan(values, spec.limits);
  }, [spec, points]);
  const bottom = PLOT.height - PLOT.bottom;
  const yOf = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - PLOT.top);
  const first = points[0]?.step ?? 0;
  const last = Math.max(first + 1, points.at(-1)?.step ?? 0);
  return (
    <svg width={width} height={PLOT.height} aria-hidden="true">
      {[low, high].map((value) => (
        <g key={value}>
          <path className="step-grid" d={`M${PLOT.left} ${yOf(value)}H${width - PLOT.right}`} />
          <text x={PLOT.left - 6} y={yOf(value)} dy="0.35em" textAnchor="end">
            {tickLabel(Number(value.toPrecision(3)))}
          </text>
        </g>
      ))}
      {axisTicks([first, last]).map((tick) => (
        <text key={tick} x={xOf(tick)} y={PLOT.height - 4} textAnchor="middle">
          {tick}
        </text>
      ))}
      {spec.series.map((series) => (
        <g key={series.label} className={series.dashed ? 'step-line-dashed' : 'step-line-solid'}>
          <path d={pathOf(series, points, xOf, yOf)} />
          {points.length <= MOST_DOTS &&
            points.map((point) => {
              const value = series.valueOf(point);
              return value === null ? null : <circle key={point.step} cx={xOf(point.step)} cy={yOf(value)} r="2.5" />;
            })}
        </g>
      ))}
    </svg>
  );
}

/** A step at which nothing is known breaks the line. */
function pathOf(
  { valueOf }: StepSeries,
  points: readonly StepPoint[],
  xOf: (step: number) => number,
  yOf: (value: number) => number,
): string {
  let pen = 'M';
  return points
    .map((point) => {
      const value = valueOf(point);
      const part = value === null ? '' : `${pen}${xOf(point.step).toFixed(1)} ${yOf(value).toFixed(1)}`;
      pen = value === null ? 'M' : 'L';
      return part;
    })
    .join('');
}

function nearest(points: readonly StepPoint[], wanted: number): number {
  const distance = ({ step }: StepPoint): number => Math.abs(step - wanted);
  return points.reduce((best, point) => (distance(point) < distance(best) ? point : best)).step;
}
