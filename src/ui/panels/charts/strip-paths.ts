import type { ChartPoint } from '../../../recordings/metric-history';

/** Steps of darkness, along the square root of the share: a few per cent can still be seen. */
const LEVELS = 10;

/**
 * The cells of one row of a strip as one path for each step of darkness. A cell reaches from its update to the next point's;
 * shares that round to no darkness, and undefined ones, are left out.
 *
 * @param span first and last update of the axis
 * @param width of the plot, and `height` of the row, in pixels
 */
export function stripPaths(
  points: readonly ChartPoint[],
  metric: string,
  [first, last]: readonly [number, number],
  width: number,
  height: number,
): { level: number; path: string }[] {
  const paths = new Map<number, string>();
  const x = (update: number): number => Math.round((10 * width * (update - first)) / (last - first)) / 10;
  points.forEach((point, i) => {
    const level = Math.round(LEVELS * Math.sqrt(Math.min(1, Math.max(0, point[metric] ?? 0))));
    if (level <= 0) return;
    const from = x(point.update);
    const to = Math.min(width, x(points[i + 1]?.update ?? point.update + 1));
    // The newest of a full axis would have no width.
    const cell = `M${from} 0h${Math.max(1, to - from)}v${height}H${from}z`;
    paths.set(level, (paths.get(level) ?? '') + cell);
  });
  return [...paths].sort(([a], [b]) => a - b).map(([level, path]) => ({ level: level / LEVELS, path }));
}
