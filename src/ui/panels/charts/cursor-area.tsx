import { useEffect, useRef } from 'react';
import { goToUpdate } from '../../../store/view/view-actions';
import { metricValue, type ChartPoint } from '../../../recordings/metric-history';
import { fixed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { axisSpan } from './axis';
import type { ChartCursor } from './chart-cursor';
import type { ChartSpec } from './chart-specs';
import { PLOT } from './plot-size';

interface CursorAreaProps {
  spec: ChartSpec;
  points: ChartPoint[];
  width: number;
  cursor: ChartCursor;
}

/** Sets the shared cursor by mouse and arrow keys and draws it, both without React; a click or Enter holds that update. */
export function CursorArea({ spec, points, width, cursor }: CursorAreaProps): React.JSX.Element {
  const studio = useStudio();
  const { history } = studio;
  const held = useStudioState((state) => state.heldUpdate);
  const area = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLSpanElement>(null);
  const [first, last] = axisSpan(points);
  const newest = points.at(-1)?.update ?? 0;
  const plotWidth = width - PLOT.left - PLOT.right;
  const xOf = (update: number): string => `${PLOT.left + ((update - first) / (last - first)) * plotWidth}px 0`;
  useEffect(() => {
    const show = (update: number | null): void => {
      const element = line.current;
      if (!element) return;
      const inside = update !== null && update >= first && update <= last;
      element.hidden = !inside;
      if (!inside) return;
      element.style.translate = `${PLOT.left + ((update - first) / (last - first)) * plotWidth}px 0`;
      if (document.activeElement !== area.current) return;
      const row = history.nearest(update);
      const values = spec.series.map(
        ({ label, metric }) => `${label} ${fixed(row ? metricValue(row, metric) : null, spec.decimals)}`,
      );
      area.current?.setAttribute('aria-valuenow', String(update));
      area.current?.setAttribute('aria-valuetext', `update ${update}: ${values.join(', ')}`);
    };
    show(cursor.update);
    return cursor.subscribe(show);
  }, [cursor, first, last, plotWidth, history, spec]);
  const at = (event: React.MouseEvent<HTMLDivElement>): number | null => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - PLOT.left;
    const update = Math.round(first + (x / plotWidth) * (last - first));
    return history.nearest(update)?.update ?? null;
  };
  // A pointer that only lay there does not take the cursor from the keyboard, in this chart or another one.
  const leave = (): void => {
    if (document.activeElement?.classList.contains('cursor-area') !== true) cursor.set(null);
  };
  const go = (update: number | null): void => {
    if (update !== null) goToUpdate(studio, update);
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Enter') go(cursor.update);
    else if (event.key === 'Escape') cursor.set(null);
    else if (move !== undefined) {
      event.preventDefault();
      const place = points.findIndex((point) => point.update >= (cursor.update ?? newest));
      const next = points[Math.min(points.length - 1, Math.max(0, place + (cursor.update === null ? 0 : move)))];
      if (next) cursor.set(next.update);
    }
  };
  return (
    <div
      ref={area}
      className="cursor-area"
      role="slider"
      tabIndex={0}
      aria-label={`${spec.title}: update under the cursor; Enter goes to it`}
      aria-valuemin={first}
      aria-valuemax={newest}
      aria-valuenow={newest}
      onPointerMove={(event) => cursor.set(at(event))}
      onPointerLeave={leave}
      onBlur={() => cursor.set(null)}
      onClick={(event) => go(at(event))}
      onKeyDown={onKeyDown}
    >
      {held !== null && held >= first && held <= last && (
        <span className="held-line" style={{ translate: xOf(held) }} />
      )}
      <span className="cursor-line" ref={line} hidden />
    </div>
  );
}
