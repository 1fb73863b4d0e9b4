/** The horizontal axis that all charts share. */

/** Short runs get room to grow into. */
const MIN_SPAN = 10;
/** Between ticks; an axis that begins at a tick has one more of these. */
const MAX_STEPS = 5;

/** First and last update on the axis. */
export function axisSpan(points: readonly { update: number }[]): [number, number] {
  const first = points[0]?.update ?? 0;
  const last = points.at(-1)?.update ?? 0;
  return [first, Math.max(last, first + MIN_SPAN)];
}

/** Round update numbers (multiples of 1, 2 or 5 times a power of ten) inside the span, at most six. */
export function axisTicks([first, last]: readonly [number, number]): number[] {
  const rough = Math.max(1, (last - first) / MAX_STEPS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** A number of a vertical axis, which has room for six characters. */
export function tickLabel(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-3) return String(value);
  return value.toExponential(1).replace('.0', '').replaceAll('-', '−');
}
