/** Power estimate from pilot runs: what a planned study could tell apart (docs/method.md section 9). */
import { detectableEffect, pairedPower, sdUpperLimit, seedsNeeded } from '../lib/inference';
import { mean, sampleStd } from '../lib/stats';
import { baselineOf, groupRuns, type Arm } from './arms';
import { EM_SYSTEM, lastValue, pairs } from './compare';
import { number, table } from './format';
import type { RunRecord } from './record';

export interface Plan {
  seeds: number;
  /** Answers a seed in the last evaluation. */
  answers: number;
  /** Difference of EM to be told apart. */
  effect: number;
}

/** Confidence of the upper limit of a deviation that few pilots gave. */
const CONFIDENCE = 0.8;

/**
 * The standard deviation of paired differences with another number of answers: the sampling noise of the answers, p (1 - p) / n
 * of each arm, is taken out of the pilots' variance and put in anew. Takes the answers of two arms as independent, which
 * errs on the safe side, since they answer the same questions.
 */
export function plannedDeviation(
  sd: number,
  shares: readonly [number, number],
  pilot: number,
  planned: number,
): number {
  const noise = shares.reduce((sum, p) => sum + p * (1 - p), 0);
  return Math.sqrt(Math.max(0, sd * sd - noise / pilot) + noise / planned);
}

/** Table from a deviation that is given. */
export function powerOf(sd: number, plan: Plan): string {
  return table(
    ['seeds', 'smallest effect at 80 %', `power for ${number(plan.effect, 2)}`],
    [...new Set([3, plan.seeds, 8, 12])]
      .sort((a, b) => a - b)
      .map((n) => [String(n), number(detectableEffect(sd, n)), number(pairedPower(plan.effect, sd, n), 2)]),
  );
}

export function powerReport(records: readonly RunRecord[], plan: Plan, wanted: string | undefined): string {
  const parts = [
    '# Power estimate',
    `For ${plan.seeds} seeds with ${plan.answers} answers each: paired t test over seeds, two-sided at 5 %. The deviation of pilot differences is corrected to the planned number of answers; "cautious" takes its upper ${100 * CONFIDENCE} % confidence limit, since few pilots tell it badly.`,
  ];
  for (const group of groupRuns(records)) {
    const baseline = baselineOf(group, wanted);
    const rows = group.arms.flatMap((arm) =>
      arm === baseline ? [] : [row(arm, baseline, 'emSampled', plan), row(arm, baseline, EM_SYSTEM, plan)],
    );
    parts.push(
      `## ${group.world}, against \`${baseline.name}\``,
      table(
        [
          'arm',
          'EM',
          'pilots',
          'deviation',
          'planned',
          'smallest effect at 80 %',
          'cautious',
          `power for ${number(plan.effect, 2)}`,
          'seeds for it',
          'cautious',
        ],
        rows,
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function row(arm: Arm, baseline: Arm, key: string, { seeds, answers, effect }: Plan): string[] {
  const found = pairs(arm, baseline, lastValue(key));
  const start = [arm.name, key, String(found.length)];
  if (found.length < 2) return [...start, ...Array<string>(7).fill('–')];
  const sd = sampleStd(found.map(([a, b]) => a - b));
  const shares = [mean(found.map(([a]) => a)), mean(found.map(([, b]) => b))] as const;
  const asked = [...arm.runs.values(), ...baseline.runs.values()].flatMap(
    (run) => run.evaluations.at(-1)?.['questions'] ?? run.config.evalQuestions,
  );
  const planned = (deviation: number) => plannedDeviation(deviation, shares, mean(asked), answers);
  const [expected, cautious] = [planned(sd), planned(sdUpperLimit(sd, found.length, CONFIDENCE))];
  const needed = (deviation: number) => seedsNeeded(effect, deviation)?.toString() ?? '> 200';
  return [
    ...start,
    number(sd, 4),
    number(expected, 4),
    number(detectableEffect(expected, seeds)),
    number(detectableEffect(cautious, seeds)),
    number(pairedPower(effect, expected, seeds), 2),
    needed(expected),
    needed(cautious),
  ];
}
