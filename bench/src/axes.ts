/** Logarithmic axes for a plot. */

export interface LogAxis {
  min: number;
  max: number;
  ticks: readonly number[];
}

const STEPS = [1, 2, 5];

/**
 * An axis from the last of 1, 2, 5, 10, 20 .. at or below the smallest value to the first at or above the largest; ticks at
 * these, or at powers of ten alone where they would be more than seven. Values that are not positive have no place.
 */
export function logAxis(values: readonly number[]): LogAxis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return { min: 1, max: 10, ticks: [1, 10] };
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  const ladder: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of STEPS) ladder.push(step * 10 ** power);
  }
  const first = ladder.findLastIndex((rung) => rung <= low * (1 + 1e-9));
  let last = ladder.findIndex((rung) => rung >= high * (1 - 1e-9));
  if (last === first) last += 1;
  const ticks = ladder.slice(first, last + 1);
  const powers = ticks.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9));
  const [min = 1] = ticks;
  return { min, max: ticks.at(-1) ?? 10, ticks: ticks.length > 7 && powers.length >= 2 ? powers : ticks };
}

/** Where `value` lies on the axis when its ends are at `from` and `to`. */
export function place({ min, max }: { min: number; max: number }, value: number, from: number, to: number): number {
  return from + ((to - from) * Math.log(value / min)) / Math.log(max / min);
}

/** 1,500 as 1.5k, 0.02 as 0.02: short enough for a tick. */
export function tickLabel(value: number): string {
  const [divisor, suffix] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / divisor).toPrecision(3))}${suffix}`;
}
