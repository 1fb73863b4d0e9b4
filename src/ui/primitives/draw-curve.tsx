import './draw-curve.css';
import { useRef } from 'react';
import { CurvePlot, share } from './curve-plot';
import { drawTo, nearest, setPoint, valueByKey } from './moves';
import type { Range } from './moves';

interface DrawCurveProps {
  label: string;
  xs: readonly number[];
  /** A value at each x; none while nobody has drawn. */
  points: readonly number[];
  /** Where the curve comes from, before its first x. */
  known?: readonly { x: number; y: number }[];
  range: Range;
  onChange: (points: readonly number[]) => void;
  disabled?: boolean;
  yTicks: readonly number[];
  words: {
    xLabel: string;
    yLabel: string;
    /** Name of the point at x. */
    point: (x: number) => string;
    /** Value of a point, undefined while it has none. */
    value: (value: number | undefined) => string;
  };
}

/** A curve that is drawn: by the pointer in one stroke, or point by point, each of which is a slider for the keys. */
export function DrawCurve({
  label,
  xs,
  points,
  known = [],
  range,
  onChange,
  disabled = false,
  yTicks,
  words,
}: DrawCurveProps): React.JSX.Element {
  const field = useRef<HTMLDivElement>(null);
  /** Where the stroke was last; null while nothing is drawn. */
  const stroke = useRef<{ at: number; value: number } | null>(null);
  const xTicks = [...known.map(({ x }) => x), ...xs];
  const level = known.at(-1)?.y ?? range.min;

  const follow = (event: React.PointerEvent): void => {
    const box = field.current?.getBoundingClientRect();
    if (!box || box.width === 0 || box.height === 0) return;
    const across = (event.clientX - box.left) / box.width;
    const distances = xs.map((x) => Math.abs(share(x, xTicks) - across));
    const at = distances.indexOf(Math.min(...distances));
    const up = 1 - (event.clientY - box.top) / box.height;
    const to = { at, value: nearest(range.min + up * (range.max - range.min), range) };
    const next = drawTo(points, xs.length, stroke.current ?? to, to);
    stroke.current = to;
    onChange(next);
  };
  const drawn = points.map((y, at) => ({ x: xs[at] ?? 0, y }));
  return (
    <div role="group" aria-label={label}>
      <CurvePlot
        curves={[
          { kind: 'known', points: known },
          { kind: 'drawn', points: drawn.length === 0 ? [] : [...known.slice(-1), ...drawn] },
        ]}
        xTicks={xTicks}
        yTicks={yTicks}
        xLabel={words.xLabel}
        yLabel={words.yLabel}
      >
        <div
          ref={field}
          className="draw-field"
          data-disabled={disabled ? '' : undefined}
          onPointerDown={(event) => {
            if (disabled) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            stroke.current = null;
            follow(event);
          }}
          onPointerMove={(event) => stroke.current !== null && follow(event)}
          onPointerUp={() => (stroke.current = null)}
          onPointerCancel={() => (stroke.current = null)}
        >
          {known.map(({ x, y }) => (
            <span
              key={x}
              className="draw-known"
              style={{ left: `${100 * share(x, xTicks)}%`, bottom: `${100 * share(y, yTicks)}%` }}
            />
          ))}
          {xs.map((x, at) => {
            const value = points[at];
            return (
              <div
                key={x}
                className="draw-point"
                data-open={value === undefined ? '' : undefined}
                style={{ left: `${100 * share(x, xTicks)}%`, bottom: `${100 * share(value ?? level, yTicks)}%` }}
                role="slider"
                tabIndex={disabled ? -1 : 0}
                aria-label={words.point(x)}
                aria-disabled={disabled}
                aria-orientation="vertical"
                aria-valuemin={range.min}
                aria-valuemax={range.max}
                aria-valuenow={value ?? level}
                aria-valuetext={words.value(value)}
                onKeyDown={(event) => {
                  if (disabled || event.ctrlKey || event.metaKey || event.altKey) return;
                  const target = valueByKey(event.key, value ?? level, range);
                  if (target === null) return;
                  event.preventDefault();
                  onChange(setPoint(points, xs.length, at, target));
                }}
              />
            );
          })}
        </div>
      </CurvePlot>
    </div>
  );
}
