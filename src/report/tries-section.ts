/** What several tries of a question bring, and what they cost, in the runs that compared them. */
import type { Arm } from './arms';
import { estimate, type Measure } from './compare';
import { number, table, withInterval } from './format';

const FIRSTS = ['sampled', 'greedy'] as const;
/** In this order, with their words. docs/metrics.md says what each does. */
const RULES: readonly (readonly [rule: string, words: string])[] = [
  ['one', 'one try'],
  ['refined', 'one try, cut where its review says so'],
  ['vote', 'majority vote'],
  ['best', 'the one that the network doubts least'],
  ['until', 'until the network accepts one'],
  ['bestByDoubt', 'the one that the actor doubted least'],
  ['bestByRules', 'the one that the reader by rules doubts least'],
  ['untilByRules', 'until the reader by rules accepts one'],
  ['any', 'any is right (a bound)'],
];

const last =
  (tries: number, key: string): Measure =>
  (run) =>
    run.tries.findLast((line) => line['tries'] === tries)?.[key] ?? null;

/** Nothing where no run compared any. */
export function triesSection(arms: readonly Arm[]): string[] {
  const tables = arms.flatMap((arm) => {
    const lines = [...arm.runs.values()].flatMap(({ tries }) => tries);
    const counts = [...new Set(lines.flatMap((line) => line['tries'] ?? []))].sort((a, b) => a - b);
    const rows = FIRSTS.flatMap((first) =>
      RULES.flatMap(([rule, words]) =>
        counts.flatMap((count) => {
          const em = estimate(arm, last(count, `${first} ${rule}`));
          const tokens = estimate(arm, last(count, `${first} ${rule} tokens`));
          return em === undefined
            ? []
            : [[words, first, String(count), String(arm.runs.size), withInterval(em), number(tokens?.mean, 1)]];
        }),
      ),
    );
    return rows.length === 0
      ? []
      : [`**${arm.name}**`, table(['answer by', 'first try', 'tries', 'seeds', 'EM', 'tokens'], rows)];
  });
  return tables.length === 0
    ? []
    : [
        '### Several tries',
        'Of the questions of the last evaluation, with tokens that the actor samples for one; all tries but a greedy first one at temperature 1. Compare lines of equal tokens.',
        ...tables,
      ];
}
