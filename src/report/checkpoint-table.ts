/** A number of the evaluations of a run, at each update that was evaluated. */
import type { Estimate } from '../lib/inference';
import type { Arm } from './arms';
import { atUpdate, estimate } from './compare';
import { checkpoints } from './figures';
import { number, table } from './format';

/** Means over seeds with half of their 95 % intervals; `write` writes the means. */
export function checkpointTable(arms: readonly Arm[], key: string, write: (value: number) => string = number): string {
  const half = (found: Estimate | undefined) =>
    found === undefined
      ? '–'
      : `${write(found.mean)}${Number.isNaN(found.low) ? '' : ` ± ${number(found.high - found.mean)}`}`;
  const updates = checkpoints(arms);
  return table(
    ['arm', ...updates.map(String)],
    arms.map((arm) => [arm.name, ...updates.map((update) => half(estimate(arm, atUpdate(key, update))))]),
  );
}
