/** The theory meters of the runs that measured them. */
import type { Arm } from './arms';
import { estimate, type Measure } from './compare';
import { number, signed, table, withInterval } from './format';

/** In this order; docs/metrics.md has their formulas. */
const METERS = [
  'jBase',
  'jMeta',
  'zAcc',
  'aPrec',
  'vInter',
  'sTrim',
  'gBar',
  'gainSweep',
  'gainFresh',
  'identityGap',
  'cutProgress',
  'cutProgressLikeliest',
  'cutRegret',
  'cutRank',
  'discriminatorAuc',
  'calibrationError',
];

const at =
  (update: number, key: string): Measure =>
  ({ theory }) =>
    theory.find((line) => line['update'] === update)?.[key] ?? null;

/** Standard errors within half of a 95 % interval, and those that a true effect must have to be found in four measurements of five. */
const HALF = 1.96;
const SEEN = HALF + 0.84;

/** Nothing where no run measured any. */
export function theorySection(arms: readonly Arm[]): string[] {
  const tables = arms.flatMap((arm) => {
    const lines = [...arm.runs.values()].flatMap(({ theory }) => theory);
    const updates = [...new Set(lines.flatMap((line) => line['update'] ?? []))].sort((a, b) => a - b);
    const meters = METERS.filter((key) => lines.some((line) => typeof line[key] === 'number'));
    if (updates.length === 0) return [];
    const rows = meters.map((key) => [key, ...updates.map((update) => withInterval(estimate(arm, at(update, key))))]);
    return [`**${arm.name}**`, table(['meter', ...updates.map((update) => `update ${update}`)], rows)];
  });
  return tables.length === 0
    ? []
    : ['### Theory meters', 'Means over seeds, by update.', ...tables, ...identityTable(arms)];
}

/** What each run can say of the identity by itself: an interval about 0 says little where it is wide. */
function identityTable(arms: readonly Arm[]): string[] {
  const rows = arms.flatMap((arm) =>
    [...arm.runs].flatMap(([seed, { theory }]) =>
      theory.flatMap(({ update, questions, identityGap, identityGapLow: low, identityGapHigh: high }) =>
        typeof low !== 'number' || typeof high !== 'number'
          ? []
          : [
              [
                arm.name,
                seed,
                number(update, 0),
                number(questions, 0),
                `${signed(identityGap ?? NaN)} [${signed(low)}, ${signed(high)}]`,
                number(((high - low) / 2) * (SEEN / HALF)),
              ],
            ],
      ),
    ),
  );
  return rows.length === 0
    ? []
    : [
        '**The identity, run by run**',
        'The gap between both sides with its interval by questions, in reward, and the smallest error that such a measurement finds four times in five.',
        table(['arm', 'seed', 'update', 'questions', 'identityGap', 'smallest error seen'], rows),
      ];
}
