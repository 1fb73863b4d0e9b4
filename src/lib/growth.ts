/** Whether what a long run holds grows with its updates. */
import { slopeOf } from './slope';
import { mean } from './stats';

/** One thing that was read again and again. */
export interface Series {
  name: string;
  unit: 'B' | 'ms' | '';
  /** A value at each reading. */
  values: readonly number[];
  /** A slope that is surely above it counts as growth; null where it is only told. */
  most: number | null;
}

export interface Growth {
  /** One for each series: its mean, its slope and the 95 % interval of that. */
  lines: string[];
  /** Names of the series that grow. */
  growing: string[];
}

/** @param updates at each reading @throws RangeError for fewer than three readings */
export function growthOf(updates: readonly number[], series: readonly Series[]): Growth {
  const lines: string[] = [];
  const growing: string[] = [];
  for (const { name, unit, values, most } of series) {
    const { slope, halfWidth } = slopeOf(updates, values);
    const isFine = unit !== 'B';
    const [average, digits] = [mean(values).toFixed(isFine ? 1 : 0), isFine ? 4 : 0];
    const per = unit === '' ? 'an update' : `${unit} an update`;
    lines.push(
      `${name.padEnd(22)} mean ${average} ${unit}, slope ${slope.toFixed(digits)} +- ${halfWidth.toFixed(digits)} ${per}`,
    );
    if (most !== null && slope - halfWidth > most) growing.push(name);
  }
  return { lines, growing };
}
