/** The theory meters of the runs that measured them. */
import type { Arm } from './arms';
import { estimate, type Measure } from './compare';
import { table, withInterval } from './format';

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
  return tables.length === 0 ? [] : ['### Theory meters', 'Means over seeds, by update.', ...tables];
}
