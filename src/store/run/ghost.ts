/** A second run whose curves lie behind this one's: the last run of this page, or a saved one. */
import type { RunConfig } from '../../config/schema';
import { changesBetween } from './config-draft';
import type { SettingChange } from './config-draft';
import { MAX_CHART_POINTS, toPoint } from '../../recordings/metric-history';
import type { ChartPoint, MetricRow, RecordedMetrics } from '../../recordings/metric-history';
import type { Studio } from '../state/studio-state';

/** Key of a ghost's value in a chart's points. */
export function ghostKey(metric: string): string {
  return `ghost ${metric}`;
}

/** What this run is so far, before it is replaced; what was kept before where there is nothing of it. */
export function runSoFar({ store, history, batches }: Studio): RecordedMetrics | null {
  const { config, lastRun, recording, world } = store.getState();
  // The numbers of a recording are no run of this page.
  if (recording !== null) return lastRun;
  const metrics = history.all;
  const last = metrics.at(-1);
  if (last === undefined) return lastRun;
  const trajectories = world && { batches: batches.all, world };
  return { title: `last run (${config.preset}, ${last.update} updates)`, config, metrics, trajectories };
}

export function showGhost({ store }: Studio, ghost: RecordedMetrics | null): void {
  store.setState({ ghost });
}

/** Settings of the ghost that are others here. */
export function ghostChanges(ghost: RecordedMetrics, config: RunConfig): SettingChange[] {
  return changesBetween(ghost.config, config);
}

/** The points of a run with those of the ghost at the same updates, and the ghost's alone where this run is not yet. */
export function withGhost(
  points: readonly ChartPoint[],
  ghost: RecordedMetrics | null,
  names: readonly string[],
): ChartPoint[] {
  if (ghost === null) return [...points];
  const rows = new Map(ghost.metrics.map((row) => [row.update, row]));
  const of = (row: MetricRow | undefined): Record<string, number | null> => {
    const point = row ? toPoint(row, names) : null;
    return Object.fromEntries(names.map((name) => [ghostKey(name), point?.[name] ?? null]));
  };
  const last = points.at(-1)?.update ?? 0;
  const stride = Math.max(1, Math.ceil(ghost.metrics.length / MAX_CHART_POINTS));
  const later = ghost.metrics.filter(({ update }, k) => {
    return update > last && (update % stride === 0 || k === ghost.metrics.length - 1);
  });
  return [
    ...points.map((point) => ({ ...point, ...of(rows.get(point.update)) })),
    ...later.map((row) => ({
      update: row.update,
      ...Object.fromEntries(names.map((name) => [name, null])),
      ...of(row),
    })),
  ];
}
