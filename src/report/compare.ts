/** Numbers of arms side by side: estimates over seeds, paired differences, values at equal sampled tokens. */
import { estimateMean, holm, pairedP, type Estimate } from '../lib/inference';
import { mean } from '../lib/stats';
import type { Arm } from './arms';
import type { RunRecord, Values } from './record';

/** A number of a run, null where it has none. */
export type Measure = (run: RunRecord) => number | null;

/** Exact match as the system answers: with the refiner where it has one. */
export const EM_SYSTEM = 'emSystem';

/** What the refiner adds to the sampled drafts of an evaluation: their exact match after and before it. */
export const REFINER_GAIN = 'refinerGain';

/** A value of an evaluation; EM_SYSTEM is emSampledRefined, or emSampled where nothing reviews. */
export function evaluated(line: Values | undefined, key: string): number | null {
  if (key === REFINER_GAIN) {
    const [after, before] = [line?.['emSampledRefined'] ?? null, line?.['emSampled'] ?? null];
    return after === null || before === null ? null : after - before;
  }
  if (key === EM_SYSTEM) return line?.['emSampledRefined'] ?? line?.['emSampled'] ?? null;
  return line?.[key] ?? null;
}

export const lastValue =
  (key: string): Measure =>
  (run) =>
    evaluated(run.evaluations.at(-1), key);

export const atUpdate =
  (key: string, update: number): Measure =>
  (run) =>
    evaluated(
      run.evaluations.find((line) => line['update'] === update),
      key,
    );

/** The evaluation's value at a number of sampled tokens, between two evaluations on the straight line; null outside. */
export const atTokens =
  (key: string, tokens: number): Measure =>
  (run) =>
    interpolate(
      run.evaluations.map((line) => [line['sampledTokens'] ?? null, evaluated(line, key)]),
      tokens,
    );

/** Mean of a training metric over the windows of a part of the run, `from` and `to` as shares of it. */
export const during =
  (key: string, from: number, to: number): Measure =>
  ({ curves }) => {
    const part = curves.slice(Math.floor(from * curves.length), Math.ceil(to * curves.length));
    const values = part.flatMap((line) => line[key] ?? []);
    return values.length === 0 ? null : mean(values);
  };

export function interpolate(points: readonly (readonly [number | null, number | null])[], x: number): number | null {
  const known = points.flatMap(([at, value]) => (at === null || value === null ? [] : [[at, value] as const]));
  const after = known.findIndex(([at]) => at >= x);
  const right = known[after];
  if (right === undefined) return null;
  if (right[0] === x) return right[1];
  const left = known[after - 1];
  if (left === undefined) return null;
  return left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
}

/** Over the seeds of an arm that have the number; undefined where none has. */
export function estimate(arm: Arm, measure: Measure): Estimate | undefined {
  const values = [...arm.runs.values()].flatMap((run) => measure(run) ?? []);
  return values.length === 0 ? undefined : estimateMean(values);
}

export interface Paired {
  arm: Arm;
  /** Of arm minus baseline, over the seeds that both have. */
  difference: Estimate;
  /** Two-sided paired t; NaN of fewer than two seeds. */
  p: number;
  /** Holm's adjustment over the arms of the table. */
  adjusted: number;
}

/** Differences to the baseline by seed, of the arms that share a seed with it. */
export function pairedDifferences(arms: readonly Arm[], baseline: Arm, measure: (arm: Arm) => Measure): Paired[] {
  const found = arms.flatMap((arm) => {
    if (arm === baseline) return [];
    const values = pairs(arm, baseline, measure(arm)).map(([a, b]) => a - b);
    return values.length === 0 ? [] : [{ arm, difference: estimateMean(values), p: pairedP(values) }];
  });
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((row, i) => ({ ...row, adjusted: adjusted[i] ?? NaN }));
}

/** [arm, baseline] of every seed that both have. */
export function pairs(arm: Arm, baseline: Arm, measure: Measure): [number, number][] {
  return [...arm.runs].flatMap(([seed, run]) => {
    const other = baseline.runs.get(seed);
    const [a, b] = [measure(run), other === undefined ? null : measure(other)];
    return a === null || b === null ? [] : [[a, b] satisfies [number, number]];
  });
}

/** The most tokens that every run of these arms has sampled; null where one does not say. */
export function commonTokens(arms: readonly Arm[]): number | null {
  let least = Infinity;
  for (const arm of arms) {
    for (const run of arm.runs.values()) {
      const tokens = run.evaluations.at(-1)?.['sampledTokens'] ?? null;
      if (tokens === null) return null;
      least = Math.min(least, tokens);
    }
  }
  return Number.isFinite(least) ? least : null;
}
