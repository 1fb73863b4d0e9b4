import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import type { ChartPoint } from '../../../recordings/metric-history';
import { useStudio } from '../../studio-context';
import { HIDDEN_INTERVAL_MS } from './redraw-scheduler';
import type { RedrawScheduler } from './redraw-scheduler';

/**
 * The decimated series of a chart, refreshed by the scheduler: at once while the chart is in view, else every ten seconds. The
 * points of another run go at once wherever the chart is.
 */
export function useChartPoints(
  metrics: readonly string[],
  element: RefObject<HTMLElement | null>,
  scheduler: RedrawScheduler,
): ChartPoint[] {
  const { store, history } = useStudio();
  const [points, setPoints] = useState<ChartPoint[]>(() => history.points(metrics));
  useEffect(() => {
    let visible = true;
    let dirty = true;
    let { generation } = history;
    const redraw = (): void => {
      dirty = false;
      setPoints(history.points(metrics));
    };
    const request = (): void => {
      dirty = true;
      const another = generation !== history.generation;
      generation = history.generation;
      if (another && !visible) setPoints([]);
      scheduler.request(redraw, visible || another ? undefined : HIDDEN_INTERVAL_MS);
    };
    const observer = new IntersectionObserver((entries) => {
      visible = entries.some((entry) => entry.isIntersecting);
      if (visible && dirty) scheduler.request(redraw);
    });
    if (element.current) observer.observe(element.current);
    const unsubscribe = store.subscribe((state, before) => {
      if (state.metricsVersion !== before.metricsVersion) request();
    });
    request();
    return () => {
      unsubscribe();
      observer.disconnect();
      scheduler.cancel(redraw);
    };
  }, [store, history, metrics, element, scheduler]);
  return points;
}
